// SPDX-License-Identifier: Apache-2.0
package main

import (
	"fmt"
	"math/rand"
	"strings"
)

// Zones with a peculiarity: half-hour and two-hour summer time, midnights that don't exist, skipped days, quarter-hour
// offsets, changes at odd minutes, offset zero, changes of the standard time, summer time interrupted or inverted.
// Europe/Chisinau is left out: time zone data 2026a changed its hours since 2022.
var zones = []string{
	"Africa/Cairo", "Africa/Casablanca", "Africa/El_Aaiun", "Africa/Juba", "Africa/Sao_Tome", "America/Asuncion",
	"America/Caracas", "America/Godthab", "America/Havana", "America/Los_Angeles", "America/Metlakatla",
	"America/New_York", "America/Santiago", "America/Sao_Paulo", "America/Scoresbysund", "America/St_Johns",
	"Antarctica/Casey", "Antarctica/Troll", "Asia/Almaty", "Asia/Amman", "Asia/Beirut", "Asia/Chita", "Asia/Colombo",
	"Asia/Damascus", "Asia/Gaza", "Asia/Kathmandu", "Asia/Kolkata", "Asia/Pyongyang", "Asia/Singapore", "Asia/Tehran",
	"Atlantic/Azores", "Australia/Adelaide", "Australia/Eucla", "Australia/Lord_Howe", "Europe/Berlin", "Europe/Dublin",
	"Europe/Istanbul", "Europe/Lisbon", "Europe/London", "Europe/Moscow", "Europe/Volgograd", "Pacific/Apia",
	"Pacific/Bougainville", "Pacific/Chatham", "Pacific/Fiji", "Pacific/Kiritimati", "Pacific/Kwajalein", "Pacific/Norfolk",
}

// Zones that crossed the date line. The library never returns when it counts days up to the one that they left out.
var skipsDay = map[string]bool{"Pacific/Apia": true, "Pacific/Kiritimati": true, "Pacific/Kwajalein": true}

// The same times on all days.
func everyDay(text string) string {
	fields := strings.Fields(text)
	return strings.Join([]string{fields[0], fields[1], "* * *"}, " ")
}

// Schedules that come seldom or never.
var rare = []string{
	"0 0 29 2 *", "0 0 30 2 *", "0 0 31 2 *", "59 23 31 4,6,9,11 *", "0 0 29 2 1", "0 0 29 2 */1", "0 0 31 */2 *", ", * * * *",
	"* , * * *", "* * , * *", "* * * , *", "* * * * ,", "* * , * ,", "* * , * 1", "* * 13 * ,", "0 0 13 * 5", "0 0 */2 * 1",
	"0 0 1-7 * 1", "0 0 1-7 * ?", "0 0 */31 * 6", "@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly",
}

// Texts at the edges of the syntax.
var texts = []string{
	"", " ", "*", "* * * *", "* * * * * *", " * * * * * ", "*\t*\n*\v*\f*", "*\u00a0*\u2003*\u0085* *", "*\ufeff* * * *", "*  *  *  *  *",
	"0 3 * * 7", "0 3 * * 5-7", "0 3 * * 0-7", "0 3 * * sun-sat", "0 3 * * sat-sun", "0 3 * * SUN,Mon", "0 3 * jan-DEC *", "0 3 * mon *",
	"0 3 * * monday", "0 3 L * *", "0 3 15W * *", "0 3 * * 5#2", "H 3 * * *", "0 24 * * *", "60 * * * *", "0 0 0 * *", "0 0 32 * *",
	"0 0 * 0 *", "0 0 * 13 *", "0 22-2 * * *", "5/15 * * * *", "1/6 * * * *", "*/90 * * * *", "*/120 4-22 * * *", "*/0 * * * *", "*/1 * * * *",
	"?/1 * * * *", "*-5 * * * *", "*-x * * * *", "*-1-2-3/7 * * * *", "?-/5 * * * *", "-5 * * * *", "5- * * * *", "1-2-3 * * * *", "1/2/3 * * * *",
	"*/ * * * *", "/5 * * * *", "1,,2 * * * *", ",1, * * * *", "+5 * * * *", "5-+9 * * * *", "*/+5 * * * *", "*/-5 * * * *", "*/-0 * * * *",
	"007 * * * *", "1_0 * * * *", "0x5 * * * *", "5.0 * * * *", "٥ * * * *", "*/9223372036854775807 * * * *", "*/9223372036854775808 * * * *",
	"3/9223372036854775807 * * * *", "99999999999999999999 * * * *", "** * * * *", "*5 * * * *", "5* * * * *", "5-* * * * *", "*,5 * * * *", "*/2,* * * * *",
	"0 0 ? * ?", "0 0 */2,? * 1", "0 0 1,* * 1", "0 0 1 * */1", "0 0 1 * */2", "0 0 1 * 0-6", "0 0 1 * sun-6/3",
	"@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly", "@Daily", "@daily ", " @daily", "@reboot", "@", "@every",
	"@every ", "@every  1h", "@every 1h ", "@every 1d", "@every 1h30m", "@every -1h", "@every 0", "@every 0.3s0.7s", "@every 1.9s", "@every 2.3h",
	"@every 999ms", "@every 1h1h", "@every 1e3s", "@every .5h", "@every 1.h", "@every .s", "@every 2562047h47m16s", "@every 2562048h", "@every +5s",
	"@every 90", "@every 3µs", "@every 3μs", "@every 1H", "@Every 1h", "@every\t1h",
	"TZ=UTC * * * * *", "CRON_TZ=UTC 0 3 * * *", "TZ=Asia/Tokyo   0 3 * * *  ", "TZ=Asia/Tokyo @daily ", "TZ=UTC", "TZ=", "TZ= 0 3 * * *", "CRON_TZ= @daily",
	"TZ=UTC\t* * * * *", "TZ=Local 0 3 * * *", "tz=UTC 0 3 * * *", "TZ=Nowhere/Land 0 3 * * *", "TZ=europe/berlin_ 0 3 * * *", "TZ=PST 0 3 * * *",
	"TZ=BST 0 3 * * *", "TZ=EST 0 3 * * *", "TZ=SystemV/AST4 0 3 * * *", "TZ=+01:00 0 3 * * *", "TZ=../UTC 0 3 * * *", "TZ=/etc/localtime 0 3 * * *",
	"TZ=UTC @every 1h", "TZ=UTC TZ=UTC 0 3 * * *", "0 3 * * * TZ=UTC", "TZ=GB-Eire 0 3 * * *", "TZ=Etc/GMT+12 0 3 * * *", "TZ=US/Pacific 0 3 * * *",
}

// Names of months and weekdays in the case and place that the library allows.
var months = []string{"jan", "Feb", "MAR", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"}
var weekdays = []string{"sun", "Mon", "TUE", "wed", "thu", "fri", "sat"}

// Schedules that are due often around the change of the clocks.
func edgeExpression(random *rand.Rand) string {
	minute := oneOf(random, "0", "30", "*/15", "15,45", "1", "59", "*/7", "0-5", "*/30", "44/3")
	hour := oneOf(random, "*", "*", "0", "1", "2", "3", "0-3", "1,2", "2,3", "23", "22-23", "0,23", "*/2", "1/2", "4", "5", "12")
	dom := oneOf(random, "*", "*", "*", "*", "?", "*/2", "1", "15", "31", "25-31", "1-7")
	month := oneOf(random, "*", "*", "*", "*", "3-4", "9-11", "*/3")
	dow := oneOf(random, "*", "*", "*", "*", "0", "sun", "1-5", "*/2", "6,0", "?")
	return strings.Join([]string{minute, hour, dom, month, dow}, " ")
}

// Schedules of any form that the library takes.
func wildExpression(random *rand.Rand) string {
	return strings.Join([]string{
		list(random, 0, 59, nil), list(random, 0, 23, nil), list(random, 1, 31, nil), list(random, 1, 12, months),
		list(random, 0, 6, weekdays),
	}, " ")
}

func list(random *rand.Rand, low, high int, names []string) string {
	if random.Intn(3) == 0 {
		return "*"
	}
	items := []string{item(random, low, high, names)}
	for random.Intn(4) == 0 {
		items = append(items, item(random, low, high, names))
	}
	return strings.Join(items, ",")
}

func item(random *rand.Rand, low, high int, names []string) string {
	from := low + random.Intn(high-low+1)
	to := from + random.Intn(high-from+1)
	step := oneOf(random, "", "", fmt.Sprintf("/%d", 1+random.Intn(high+20)), fmt.Sprintf("/%d", 1+random.Intn(4)))
	switch random.Intn(5) {
	case 0:
		return oneOf(random, "*", "?") + step
	case 1, 2:
		return value(random, from, low, names) + step
	default:
		return value(random, from, low, names) + "-" + value(random, to, low, names) + step
	}
}

func value(random *rand.Rand, number, low int, names []string) string {
	if names != nil && random.Intn(2) == 0 {
		return names[number-low]
	}
	return fmt.Sprint(number)
}

// One to three characters put in, left out or replaced.
func mutate(random *rand.Rand, text string) string {
	const alphabet = "0123456789*/,-? LW#@+sunjaTZ=\t"
	for range 1 + random.Intn(3) {
		at := random.Intn(len(text) + 1)
		letter := string(alphabet[random.Intn(len(alphabet))])
		end := min(at+random.Intn(2), len(text))
		if random.Intn(3) == 0 {
			letter = ""
		}
		text = text[:at] + letter + text[end:]
	}
	return text
}

func duration(random *rand.Rand) string {
	text := oneOf(random, "", "", "", "-", "+")
	for range 1 + random.Intn(3) {
		text += oneOf(random, "", "0", "1", "7", "59", "90", "100", "1.", ".5", "0.1", "2.3", "1.999999999", "86400")
		text += oneOf(random, "h", "m", "s", "s", "ms", "us", "µs", "ns", "", "d")
	}
	return text
}

func oneOf(random *rand.Rand, choices ...string) string {
	return choices[random.Intn(len(choices))]
}
