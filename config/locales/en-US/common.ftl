### What several places share.

# Between the names of a list: "Aki, Noor"
list-separator = ,{" "}
# $at: date and time. $relative: the same, shown as "in 3 hours". Whoever shows a time shows both.
time-and-distance = { $at } ({ $relative })

## Names of things, and what they are

field-heading = **{ $label }:**
field-with-value = **{ $label }:** { $value }
# $legend: what the signs below mean.
heading-with-legend = **{ $title }** ({ $legend })
# $name: a token's. $reason: why it was refused.
name-with-reason = { $name }: { $reason }
