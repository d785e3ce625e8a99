/* SPDX-License-Identifier: Apache-2.0 */
/* Which credentials open an account of a cloud: these are rotated first. */
#include "report/cloud.h"

#include <stddef.h>
#include <string.h>

/* What the ids of such rules begin with. */
static const char *const providers[] = {
	"alibaba-",
	"aws-",
	"azure-",
	"cloudflare-",
	"digitalocean-",
	"exoscale-",
	"gcp-",
	"google-oauth-",
	"hetzner-",
	"ibm-cloud-",
	"linode-",
	"ovh-",
	"scaleway-",
	"tencent-",
	"upcloud-",
	"vultr-",
	"yandex-cloud-",
};

bool ks_cloud_has_rule(const char *id)
{
	for (size_t i = 0; i < sizeof(providers) / sizeof(*providers); i++) {
		if (strncmp(id, providers[i], strlen(providers[i])) == 0)
			return true;
	}
	return false;
}
