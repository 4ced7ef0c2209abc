### What several places share.

# Between the names of a list: "Aki, Noor"
list-separator = ,{" "}
