### Texts of the hand-over of a secret.
