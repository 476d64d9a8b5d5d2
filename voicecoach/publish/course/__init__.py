"""What is made of a course for people: the calendar, the overview on one page, and the plan to print."""
