/* SPDX-License-Identifier: Apache-2.0 */
/* TOML as JSON, by way of toml++: the one file that is not C. */
#include "import/toml.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <new>
#include <sstream>
#include <string_view>

#include <toml++/toml.h>

static enum ks_toml_status print(char **out, const toml::table &table)
{
	std::ostringstream stream;

	stream << toml::json_formatter{ table };
	*out = strdup(stream.str().c_str());
	return *out ? KS_TOML_OK : KS_TOML_NOMEM;
}

/* No exception may leave it: the callers are C. */
enum ks_toml_status ks_toml_to_json(char **out, const char *text, size_t n,
	unsigned *line, char *reason, size_t reason_size)
{
	*out = nullptr;
	try {
		return print(out, toml::parse(std::string_view(text, n)));
	} catch (const toml::parse_error &error) {
		*line = error.source().begin.line;
		snprintf(reason, reason_size, "%s",
			std::string(error.description()).c_str());
		return KS_TOML_WRONG;
	} catch (...) {
		return KS_TOML_NOMEM;
	}
}
