"""How a server bears load: connections, arrivals, processes, long runs."""
