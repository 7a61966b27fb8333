/* SPDX-License-Identifier: Apache-2.0 */
/* regress.h - a target as a plain program over files and folders */
#ifndef FUZZ_REGRESS_H
#define FUZZ_REGRESS_H

/* What main() does; returns the exit code. */
int fuzz_regress(int argc, char **argv);

#endif /* FUZZ_REGRESS_H */
