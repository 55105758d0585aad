"""The five parts of the rank, one module each. Every part is a value between 0 and 1 with its range and inputs."""
