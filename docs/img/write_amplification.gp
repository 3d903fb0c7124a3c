# SPDX-License-Identifier: Apache-2.0
# Draws the sweep over ftl_over_provisioning of docs/timing.md, beside what theory says. In the repository's folder.
set terminal svg size 560,340 noenhanced background rgb 'white'
set output 'docs/img/write_amplification.svg'
set datafile separator ','
part(a, u, steps) = steps == 0 ? u : part(a, exp(-a * (1 - u)), steps - 1)
theory(percent) = 1 / (1 - part(1 + percent / 100.0, 0.5, 200))
set xlabel 'over-provisioning, %'
set ylabel 'write amplification'
set xrange [5:60]
set yrange [0:*]
set grid
set pointsize 0.6
plot theory(x) with lines title 'theory', \
     'build/amplification/table.csv' using 'ftl_over_provisioning':'write_amplification' \
         with points pointtype 7 title 'model'
