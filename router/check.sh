# Prints the report. Changes nothing and waits for nobody. SSM_Report: its format.
: "${SSM_Report:?the agent of Systems Manager is too old}"
make_folders
if apply_is_busy; then print_report 1; else print_report 0; fi
