### What several places share.

# Between the names of a list
list-separator = 、
