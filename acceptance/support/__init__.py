"""What the acceptance checks share. Only `environment` may be imported before the virtual environment is entered."""
