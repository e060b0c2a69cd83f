// What the simulator leaves in its entry of `stages` in result.json.
#pragma once

#include <imbrex/plugin.hpp>

namespace imbrex::simulator {

inline constexpr FactSpec kFacts[] = {
    {"jobs", "job", "Jobs of all operators, those without work among them."},
    {"dependencies", "dependence",
     "Distinct pairs of a job and a job of another operator that reads from it."},
    {"events", "event", "Events that the simulation served."},
    {"packets", "packet", "Packets that crossed the links of the array."},
    {"busiest_link_busy_ps", "ps", "Time that the busiest link was taken."},
    {"hottest_links", "", "The busiest links, and the share of the run that they were taken."},
    {"deadlock", "",
     "Which operator waits for ever, and the smallest buffer_bytes that is enough."}};

}  // namespace imbrex::simulator
