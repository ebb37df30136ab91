"""The facts as they are written: tables and case files, read into frozen typed records, with all problems at once."""
