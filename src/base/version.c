/* SPDX-License-Identifier: Apache-2.0 */
/* Which version this is. */
#include <keysieve/keysieve.h>

const char *ks_version(void)
{
	return KS_VERSION;
}
