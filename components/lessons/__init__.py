"""The course, one folder a page and named as it; no lesson imports another one."""
