TOOLS_MISSING = "{} is missing: run this in a checkout, after `pip install -r requirements/tools.txt`."
