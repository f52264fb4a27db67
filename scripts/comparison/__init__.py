"""Our benchmarks beside the peers': what is compared, how it is run, and the table that says who is faster."""
