"""The command ``kg``: one file a group of commands."""
