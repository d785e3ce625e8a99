# From the headers' comments to those of Doxygen: ./dev docs
1s,.*,,
# The sentence at the head of a file.
2s,^/\* ?,/** @file\n,
# What stands before a thing, and what stands behind it.
s,^(\t*)/\* ?,\1/** ,
s,([^\t/ ]) +/\* ?,\1 /**< ,
# Parameters are named so; angle brackets are text.
/^\t* ?\*|\/\*\*/{
	s,\$\{([a-z_]+)\},@p \1,g
	s,<,\\<,g
	s,\*\*\\<,**<,
}
