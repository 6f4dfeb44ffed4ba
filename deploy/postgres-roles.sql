-- Two roles: ops_owner migrates; ops_app works, and may neither TRUNCATE nor alter anything. Append-only tables are kept
-- by triggers against UPDATE and DELETE, and against TRUNCATE by this role's rights.
-- Run once by a superuser, in the database: psql -v owner_password=… -v app_password=… -f deploy/postgres-roles.sql
CREATE ROLE ops_owner LOGIN PASSWORD :'owner_password';
CREATE ROLE ops_app LOGIN PASSWORD :'app_password';
ALTER SCHEMA public OWNER TO ops_owner;
GRANT USAGE ON SCHEMA public TO ops_app;
ALTER DEFAULT PRIVILEGES FOR ROLE ops_owner IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO ops_app;
ALTER DEFAULT PRIVILEGES FOR ROLE ops_owner IN SCHEMA public GRANT USAGE ON SEQUENCES TO ops_app;
