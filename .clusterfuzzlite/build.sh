#!/bin/bash -eu
# SPDX-License-Identifier: Apache-2.0
# build.sh - the same as on OSS-Fuzz
exec "$SRC/masqcheck/ci/oss-fuzz/build.sh"
