// SPDX-License-Identifier: Apache-2.0
#include "sc_main/sweep/sweep_plot.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <set>
#include <sstream>
#include <string_view>
#include <vector>

#include "platform/workload/units.h"
#include "sc_main/sweep/plot_data.h"

namespace nvme_vp {

namespace {

constexpr std::size_t kMostCurves = 24, kMostTics = 24;
// In pixels.
constexpr std::size_t kWidth = 900, kPanelHeight = 280, kKeyHeight = 19, kKeySample = 60,
                      kCharacter = 8;

constexpr int kPointTypes[] = {7, 5, 9};  // filled; another when the colours begin again

struct Panel {
    const char* column;
    const char* title;
    std::size_t number = 0;  // of the column
};

/// In gnuplot's single quotes nothing but a quote means anything.
std::string gnuplot_text(std::string_view text) {
    std::string result = "'";
    for (const char c : text) result += c == '\'' ? "''" : std::string{c};
    return result + "'";
}

/// Write amplification is shown where it differs.
std::vector<Panel> panels_of(const SweepTable& table) {
    std::vector<Panel> panels{{"IOPS", "IOPS"},
                              {"MiB/s", "MiB/s"},
                              {"mean_us", "mean latency, us"},
                              {"p99_us", "latency that 99 % do not exceed, us"},
                              {"write_amplification", "write amplification"}};
    for (Panel& panel : panels) panel.number = table.column(panel.column);
    std::set<std::string> values{""};
    for (const SweepTable::Row* row : table.with_figures())
        values.insert((*row)[panels.back().number]);
    if (values.size() < 3) panels.pop_back();
    return panels;
}

/// How many lines the names of the curves take below the panels.
std::size_t key_lines(const std::vector<PlotCurve>& curves) {
    std::size_t longest = 1;
    for (const PlotCurve& curve : curves) longest = std::max(longest, curve.title.size());
    const std::size_t columns =
        std::max<std::size_t>(1, kWidth / (kKeySample + longest * kCharacter));
    return (curves.size() + columns - 1) / columns;
}

void write_page(std::ostream& out, std::size_t panels, const std::vector<PlotCurve>& curves) {
    const std::size_t lines = key_lines(curves), rows = (panels + 1) / 2;
    const std::size_t key = lines * kKeyHeight;
    const std::size_t height = rows * kPanelHeight + key + 80;
    const auto share = [&](std::size_t pixels) {
        return static_cast<double>(pixels) / static_cast<double>(height);
    };
    out << "set terminal svg size " << kWidth << "," << height
        << " noenhanced background rgb 'white'\nset output 'plot.svg'\n"
        << "set multiplot layout " << rows << ",2 margins 0.08,0.98," << share(key + 60) << ","
        << 1 - share(40) << " spacing 0.1," << share(90) << "\n"
        << "set key at screen 0.5, screen " << share(6) << " center bottom maxrows " << lines
        << "\n";
    if (curves.size() == 1) out << "unset key\n";
}

void write_data(std::ostream& out, const std::vector<PlotCurve>& curves,
                const std::vector<Panel>& panels) {
    for (std::size_t i = 0; i != curves.size(); ++i) {
        out << "$curve" << i << " << EOD\n";
        for (const auto& [x, row] : curves[i].rows) {
            out << x;
            for (const Panel& panel : panels) {
                const std::string& value = (*row)[panel.number];
                out << " " << (value.empty() ? "NaN" : value);
            }
            out << "\n";
        }
        out << "EOD\n";
    }
}

void write_x(std::ostream& out, const SweepAxis& axis, const PlotX& x) {
    const auto [first, last] = std::minmax_element(x.places.begin(), x.places.end());
    // Neither the first place nor the last lies on the frame.
    const double room = x.numeric && *first != *last ? (*last - *first) / 40 : 0.5;
    out << "set xlabel " << gnuplot_text(platform::printable(axis.name)) << "\n";
    if (x.logarithmic())
        out << "set logscale x 2\nset xrange [" << *first / 1.1 << ":" << *last * 1.1 << "]\n";
    else
        out << "set xrange [" << *first - room << ":" << *last + room << "]\n";
    if (x.places.size() > kMostTics) return;
    out << "set xtics (";
    for (std::size_t i = 0; i != x.places.size(); ++i)
        out << (i == 0 ? "" : ", ") << gnuplot_text(platform::printable(axis.values[i])) << " "
            << x.places[i];
    out << ")\n";
    if (!x.numeric) out << "set xtics rotate by -20\n";
}

}  // namespace

std::string plot_script(const SweepPlan& plan, const SweepTable& table) {
    const PlotX x = plot_x(plan);
    std::vector<PlotCurve> curves = plot_curves(plan, table, x);
    if (curves.empty()) return "# There is nothing to draw.\n";
    const std::vector<Panel> panels = panels_of(table);
    std::ostringstream out;
    out.precision(4);
    out << "# Drawn by gnuplot 5, as plot.svg.\n";
    if (curves.size() > kMostCurves) {
        out << "# The first " << kMostCurves << " of " << curves.size() << " curves.\n";
        curves.resize(kMostCurves);
    }
    write_page(out, panels.size(), curves);
    out.precision(15);
    write_data(out, curves, panels);
    write_x(out, plan.axes()[x.axis], x);
    // The fifth colour of gnuplot's eight is a yellow that is hard to see.
    out << "set yrange [0:*]\nset format y '%.10g'\nset grid\nset pointsize 0.6\nset linetype 5 "
           "linecolor rgb 'brown'\n";
    for (std::size_t p = 0; p != panels.size(); ++p) {
        out << "set title " << gnuplot_text(panels[p].title) << "\nplot";
        for (std::size_t i = 0; i != curves.size(); ++i)
            out << (i == 0 ? " " : ", \\\n     ") << "$curve" << i << " using 1:" << p + 2
                << " with " << (x.numeric ? "linespoints" : "points") << " pointtype "
                << kPointTypes[i / 8 % std::size(kPointTypes)] << " title "
                << gnuplot_text(curves[i].title);
        out << (p == 0 ? "\nunset key\n" : "\n");
    }
    out << "unset multiplot\n";
    return out.str();
}

}  // namespace nvme_vp
