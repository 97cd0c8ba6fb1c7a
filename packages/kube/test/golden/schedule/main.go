// SPDX-License-Identifier: Apache-2.0

// Writes what robfig/cron v3.0.1, the library of Kubernetes' CronJob controller, makes of generated schedules.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"math/rand"
	"os"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata"

	"github.com/robfig/cron/v3"
)

// Ticks of zones end with the year 2025, since later time zone data may change what comes after.
var (
	endOfZones = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	endOfUtc   = time.Date(3000, 1, 1, 0, 0, 0, 0, time.UTC)
)

func main() {
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	random := rand.New(rand.NewSource(20260101))
	for _, name := range zones {
		zone := load(name)
		for _, change := range pick(random, changes(zone), 16) {
			for range 4 {
				start := change.Add(-time.Duration(random.Intn(50*3600)) * time.Second)
				text := edgeExpression(random)
				if skipsDay[name] {
					text = everyDay(text)
				}
				writeTicks(out, name, start, text)
			}
		}
		for range 10 {
			start := anyTime(random)
			if skipsDay[name] {
				start = time.Date(2012, 1, 1, 0, 0, random.Intn(400_000_000), 0, time.UTC)
			}
			writeTicks(out, name, start, wildExpression(random))
		}
	}
	for range 600 {
		writeTicks(out, "UTC", anyTime(random), wildExpression(random))
	}
	for _, text := range rare {
		writeTicks(out, "UTC", time.Date(2024, 2, 28, 12, 34, 56, 0, time.UTC), text)
		writeTicks(out, "UTC", time.Date(2096, 2, 28, 23, 59, 59, 0, time.UTC), text)
	}
	for _, text := range texts {
		writeReading(out, text)
	}
	for range 2500 {
		writeReading(out, mutate(random, wildExpression(random)))
	}
	for range 300 {
		writeReading(out, "@every "+duration(random))
	}
}

// One line: zone, start, text, up to five ticks.
func writeTicks(out *bufio.Writer, zone string, start time.Time, text string) {
	end := endOfZones
	if zone == "UTC" {
		end = endOfUtc
	}
	schedule := parse("TZ=" + zone + " " + text)
	if schedule == nil {
		panic("refused: " + text)
	}
	if ticks := steps(schedule, start, end, 5); ticks != "" {
		fmt.Fprintf(out, "%s\t%d\t%s\t%s\n", zone, start.Unix(), quote(text), ticks)
	}
}

// One line: `+` or `!` for taken or refused, the text, and of a taken one its first three ticks.
func writeReading(out *bufio.Writer, text string) {
	schedule := parse(text)
	if schedule == nil {
		fmt.Fprintf(out, "!\t%s\n", quote(text))
		return
	}
	start := time.Unix(1700000000, 0).UTC()
	fmt.Fprintf(out, "+\t%s\t%s\n", quote(text), steps(schedule, start, endOfUtc, 3))
}

// Seconds to the first tick and from tick to tick in base 36, up to the end; `-` for the tick that does not come in five years.
func steps(schedule cron.Schedule, at, end time.Time, count int) string {
	var steps []string
	for range count {
		next := schedule.Next(at)
		if next.IsZero() {
			return strings.Join(append(steps, "-"), " ")
		}
		if !next.Before(end) {
			break
		}
		steps = append(steps, strconv.FormatInt(next.Unix()-at.Unix(), 36))
		at = next
	}
	return strings.Join(steps, " ")
}

// Parse panics on `TZ=` without a blank; the API server refuses such an object too.
func parse(text string) (schedule cron.Schedule) {
	defer func() {
		if recover() != nil {
			schedule = nil
		}
	}()
	schedule, err := cron.ParseStandard(text)
	if err != nil {
		return nil
	}
	return schedule
}

func quote(text string) string {
	bytes, err := json.Marshal(text)
	if err != nil {
		panic(err)
	}
	return strings.NewReplacer(`\u0026`, "&", `\u003c`, "<", `\u003e`, ">").Replace(string(bytes))
}

func load(name string) *time.Location {
	zone, err := time.LoadLocation(name)
	if err != nil {
		panic(err)
	}
	return zone
}

// The instants from 1980 to 2025 at which the zone's offset changes, to the quarter of an hour.
func changes(zone *time.Location) []time.Time {
	var found []time.Time
	at := time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)
	_, before := at.In(zone).Zone()
	for at.Year() < 2026 {
		at = at.Add(15 * time.Minute)
		_, now := at.In(zone).Zone()
		if now != before {
			found = append(found, at)
		}
		before = now
	}
	return found
}

func pick(random *rand.Rand, from []time.Time, count int) []time.Time {
	random.Shuffle(len(from), func(i, j int) { from[i], from[j] = from[j], from[i] })
	return from[:min(count, len(from))]
}

func anyTime(random *rand.Rand) time.Time {
	from := time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC).Unix()
	to := time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC).Unix()
	return time.Unix(from+random.Int63n(to-from), 0).UTC()
}
