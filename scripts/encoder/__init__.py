"""The encoder of the deal finder: an English transformer that is given Dutch and Spanish word pieces."""
