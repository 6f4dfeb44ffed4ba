"""One cast and one story: the same people in `make run`, the tests and the documents."""
