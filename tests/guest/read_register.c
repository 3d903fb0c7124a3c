// SPDX-License-Identifier: Apache-2.0
// How long a driver waits for a register: read_register RESOURCE READS. RESOURCE is the file of a BAR
// in /sys; prints nanoseconds for each read of CSTS.
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

int main(int argc, char** argv) {
    if (argc != 3) return 2;
    const int reads = atoi(argv[2]);
    const int fd = open(argv[1], O_RDWR);
    const volatile uint32_t* bar = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0);
    if (fd < 0 || bar == MAP_FAILED || reads < 1) {
        perror(argv[1]);
        return 1;
    }
    const double begin = now_ns();
    for (int i = 0; i < reads; ++i)
        if (bar[0x1c / 4] == UINT32_MAX) return 1;
    printf("%.0f\n", (now_ns() - begin) / reads);
    return 0;
}
