"""Reports: home, results and reviews. The read side: it changes nothing but an expiry on read.

Its queries may read the rows of other rooms; its pages show keys and rationales, and therefore
only ever of attempts that are closed.
"""
