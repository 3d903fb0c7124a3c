// SPDX-License-Identifier: Apache-2.0
// How long a driver waits for a register: read_register RESOURCE READS. RESOURCE is the file of a
// BAR in /sys; prints nanoseconds for a read of CSTS, the median.
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>

static double now_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static int compare(const void* a, const void* b) {
    const double left = *(const double*)a, right = *(const double*)b;
    return (left > right) - (left < right);
}

int main(int argc, char** argv) {
    static double times[10000];
    if (argc != 3) return 2;
    const int reads = atoi(argv[2]);
    const int fd = open(argv[1], O_RDWR);
    const volatile uint32_t* bar = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0);
    if (fd < 0 || bar == MAP_FAILED) {
        perror(argv[1]);
        return 1;
    }
    if (reads < 1 || reads > (int)(sizeof times / sizeof *times)) return 2;
    for (int i = 0; i < reads; ++i) {
        const double begin = now_ns();
        if (bar[0x1c / 4] == UINT32_MAX) return 1;
        times[i] = now_ns() - begin;
    }
    qsort(times, (size_t)reads, sizeof *times, compare);
    printf("%.0f\n", times[reads / 2]);
    return 0;
}
