### Texts of the request's modal and panel.
