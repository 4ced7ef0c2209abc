### Texts of the card in the approval channel.
