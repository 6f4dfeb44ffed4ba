"""What is judged without running: each module prints a line a finding and exits 1 where there is one."""
