"""The stages of the pipeline, one thin file each; they never import each other."""
