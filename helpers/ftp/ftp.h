/* SPDX-License-Identifier: Apache-2.0 */
/* ftp.h - the FTP helper (RFC 959): PORT, PASV and the 227 reply */
#ifndef HELPERS_FTP_H
#define HELPERS_FTP_H

#include "helpers/registry.h"

extern const struct helper_module masq_ftp_module;

#endif /* HELPERS_FTP_H */
