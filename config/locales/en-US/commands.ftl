### Texts of the commands' names and descriptions.
