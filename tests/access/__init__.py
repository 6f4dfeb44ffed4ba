"""Who may open and do what: the whole of it as one table, held against every address there is."""
