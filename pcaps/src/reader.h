/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reader.h - what else of this library needs to know of a reader
 */
#ifndef PCAPS_READER_H
#define PCAPS_READER_H

#include <sys/stat.h>

#include "pcaps/capture.h"

/* True if the reader reads that regular file, under whatever name. */
bool cap_reader_reads(const struct cap_reader *reader, const struct stat *st);

#endif /* PCAPS_READER_H */
