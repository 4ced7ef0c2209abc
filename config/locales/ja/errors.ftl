### Texts of refusals and faults.
