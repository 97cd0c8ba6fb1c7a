// SPDX-License-Identifier: Apache-2.0

// Command generate writes what cel-go answers for a table of expressions and JSON bodies, one JSON object a line, with
// the environment that blackbox_exporter gives them: one dynamic variable `body` and the standard library.
// Run it in a module that requires github.com/google/cel-go v0.26.1: go run generate.go > vectors.jsonl
package main

import (
	"encoding/json"
	"os"

	"github.com/google/cel-go/cel"
)

// vector is an expression and a body, and how they end: true, false, "error" when there is no value, "not a boolean",
// or "refused" when the expression doesn't compile.
type vector struct {
	Expression string `json:"expression"`
	Body       string `json:"body"`
	Result     any    `json:"result"`
}

var tables = []struct {
	body        string
	expressions []string
}{
	{`{"n":1,"d":1.5,"big":9007199254740993,"neg":-3,"s":"text","e":"","b":true,"f":false,"z":null,"l":[1,2,3],"m":{"k":"v"},"ls":["a","b"],"lm":[{"n":"x","up":true},{"n":"y","up":false}],"date":"2024-02-29T12:00:00Z","dur":"90s","emoji":"🤠🤠","num":"42"}`, []string{
		// presence and types
		`body.n == 1`, `body.n == 1.0`, `body.n == 1u`, `body.n == 2`, `body.n != 1`, `1 == body.n`, `body["n"] == 1`, `body['n'] == 1`,
		`has(body.n)`, `has(body.none)`, `!has(body.none)`, `has(body.m.k)`, `has(body.m.none)`, `has(body.none.k)`, `has(body.z)`, `has(body.n.k)`,
		`body.none == 1`, `body.none`, `body.m.none == "x"`, `body.z == null`, `body.n == null`, `body.s == null`, `null == null`,
		`body.b`, `!body.b`, `body.f`, `body.s`, `body.n`, `body.l`, `body.m`, `body.z`, `body`, `!body.s`, `-body.n == -1.0`, `-body.s == 1`,
		`type(body.n) == double`, `type(body.n) == int`, `type(body.s) == string`, `type(body.l) == list`, `type(body.m) == map`, `type(body.z) == null_type`, `type(body.b) == bool`, `type(1) == int`, `type(body) == map`, `type(type(1)) == type`,
		`"n" in body`, `"none" in body`, `1 in body.l`, `1.0 in body.l`, `4 in body.l`, `"a" in body.ls`, `"k" in body.m`, `1 in body.m`, `"a" in body.s`, `body.n in [1, 2]`, `body.n in {1: 2}`,
		// arithmetic: JSON numbers are doubles
		`body.n + 1 == 2`, `body.n + 1.0 == 2.0`, `body.n + 1.0 == 2`, `body.n - 1.0 == 0.0`, `body.d * 2.0 == 3.0`, `body.n / 2.0 == 0.5`, `body.n / 0.0 > 1.0`, `body.n % 2.0 == 1.0`, `1 + 1 == 2`, `1 / 0 == 1`, `7 % 3 == 1`, `-7 / 2 == -3`, `int(body.n) + 1 == 2`, `body.n + body.d == 2.5`, `body.s + "x" == "textx"`, `body.s + 1 == "x"`, `body.l + [4] == [1,2,3,4]`, `body.n > 0`, `body.n > 0.5`, `body.n >= 1u`, `body.n < 2`, `body.d <= 1`, `body.s > "a"`, `body.s > 1`, `body.b > false`, `body.neg < 0`, `body.big == 9007199254740993`, `body.big == 9007199254740992`, `9223372036854775807 + 1 > 0`, `9223372036854775808 > 0`, `0x1f == 31`, `1e3 == 1000.0`, `.5 == 0.5`, `5u - 6u == 0u`, `1 == 1.0`, `1 == 1u`, `1 < 1.5`, `1.0 == body.n`, `-1 < 1u`,
		// logic
		`body.b && body.f`, `body.b || body.none`, `body.none || body.b`, `body.f && body.none`, `body.none && body.f`, `body.none && body.b`, `body.none || body.f`, `body.s && true`, `true || body.s`, `body.b ? true : body.none`, `body.f ? 1 : true`, `body.s ? true : false`, `body.b ? "a" : 1`, `(body.n == 1) == true`, `!(body.n == 1)`,
		// strings
		`body.s.startsWith("te")`, `body.s.endsWith("xt")`, `body.s.contains("ex")`, `body.s.matches("^t.*t$")`, `body.s.matches("(?i)TEXT")`, `body.s.matches("(?=t)")`, `body.s.matches("[")`, `matches(body.s, "e.t")`, `body.s.size() == 4`, `size(body.s) == 4`, `size(body.l) == 3`, `size(body.m) == 1`, `body.l.size() == 3`, `size(body.emoji) == 2`, `size(body.n) == 1`, `body.emoji == "🤠🤠"`, `body.emoji == "\U0001F920\U0001F920"`, `body.emoji == '\u{1F920}'`, `body.s == 'text'`, `body.s == """text"""`, `body.s == r"text"`, `"\n" == r"\n"`, `body.s == b"text"`, `body.n.startsWith("1")`, `body.s.startsWith(1)`, `"a" + "b" == "ab"`, `body.e == ""`, `body.s[0] == "t"`, `body.s.matches("\\pL+")`, `body.s.matches("(a+)+$")`,
		// lists and maps
		`body.l[0] == 1`, `body.l[0.0] == 1`, `body.l[0u] == 1`, `body.l[3] == 1`, `body.l[-1] == 1`, `body.l["0"] == 1`, `body.l[body.n] == 2`, `body.l == [1, 2, 3]`, `body.l == [1.0, 2, 3u]`, `body.m == {"k": "v"}`, `body.m["k"] == "v"`, `body.m.k == "v"`, `body.m["none"] == "v"`, `body.m[1] == "v"`, `[1, "a"] == [1, "a"]`, `{"a": 1, "a": 2}.a == 2`, `{1: "a"}[1] == "a"`, `{1: "a"}[body.n] == "a"`, `{"a": 1}.a == 1`, `[] == []`, `{} == {}`, `[1] + [2] == [1, 2]`, `body.l == body.l`, `body == body`, `body.l != [1, 2]`, `[[1]] == [[1.0]]`,
		// macros
		`body.l.all(x, x > 0)`, `body.l.all(x, x > 1)`, `body.l.exists(x, x == 2)`, `body.l.exists(x, x == 9)`, `body.l.exists_one(x, x == 2)`, `body.l.exists_one(x, x > 1)`, `body.l.existsOne(x, x == 2)`, `body.l.map(x, x * 2.0) == [2.0, 4.0, 6.0]`, `body.l.map(x, x > 1, x) == [2.0, 3.0]`, `body.l.filter(x, x > 1).size() == 2`, `size(body.l.filter(x, x > 1)) == 2`, `body.lm.all(x, x.up)`, `body.lm.exists(x, x.up && x.n == "x")`, `body.lm.filter(x, x.up).map(x, x.n) == ["x"]`, `body.m.all(k, k == "k")`, `body.m.exists(k, body.m[k] == "v")`, `body.m.map(k, k) == ["k"]`, `body.s.all(x, true)`, `body.n.all(x, true)`, `body.none.all(x, true)`, `body.l.all(x, x.foo)`, `body.l.exists(x, x.foo || true)`, `[].all(x, false)`, `[].exists(x, true)`, `body.l.all(x, body.l.exists(y, y == x))`, `body.l.all(1, true)`, `body.l.all(x)`, `body.l.exists(x, x)`, `body.l.filter(x, 1)`, `has(body)`, `has(body["n"])`, `has(n)`, `body.l.all(i, v, v > 0)`, `body.l.all(body, true)`,
		// time and conversions
		`timestamp(body.date) < timestamp("2025-01-01T00:00:00Z")`, `timestamp(body.date).getFullYear() == 2024`, `timestamp(body.date).getMonth() == 1`, `timestamp(body.date).getDayOfWeek() == 4`, `timestamp(body.date).getHours("America/New_York") == 7`, `timestamp(body.date) + duration("24h") == timestamp("2024-03-01T12:00:00Z")`, `timestamp(body.date) - timestamp("2024-02-29T11:58:30Z") == duration(body.dur)`, `duration(body.dur).getSeconds() == 90`, `duration("1h") > duration("59m")`, `timestamp(body.s) > timestamp(body.date)`, `duration(body.s) == duration("1s")`, `timestamp(0) == timestamp("1970-01-01T00:00:00Z")`, `int(body.num) == 42`, `int(body.s) == 1`, `int(body.d) == 1`, `int("1.5") == 1`, `uint(body.n) == 1u`, `uint(body.neg) == 1u`, `double(body.num) == 42.0`, `string(body.n) == "1"`, `string(body.d) == "1.5"`, `string(1) == "1"`, `string(true) == "true"`, `bool("true")`, `bool("yes")`, `bool(1)`, `bytes(body.s) == b"text"`, `size(b"\xff") == 1`, `dyn(body.n) == 1`, `string(body.z) == "null"`, `string(body.l) == ""`,
		// refused, or not the standard library
		``, ` `, `foo.bar`, `foo`, `body.`, `body..n`, `body.n ==`, `body.n = 1`, `body.n === 1`, `(body.n`, `body.n)`, `[1, 2`, `{"a": }`, `"abc`, `body.n & 1`, `body.n and 1`, `not body.b`, `body?.n`, `body.?n`, `body.?n.orValue(1) == 1`, `optional.none() == optional.none()`, `body[?"n"] == 1`, `body.s.lowerAscii() == "text"`, `body.s.upperAscii() == "TEXT"`, `body.s.trim() == "text"`, `body.s.split("e").size() == 2`, `body.s.substring(1) == "ext"`, `body.s.indexOf("e") == 1`, `body.s.lastIndexOf("t") == 3`, `body.s.replace("t", "x") == "xexx"`, `body.s.charAt(0) == "t"`, `body.ls.join() == "ab"`, `body.ls.join(",") == "a,b"`, `body.s.format([1]) == ""`, `body.s.reverse() == "txet"`, `"%d".format([1]) == "1"`, `strings.quote(body.s) == "x"`, `math.greatest(1, 2) == 2`, `math.least(1, 2) == 1`, `base64.encode(b"a") == "YQ=="`, `sets.contains([1], [1])`, `body.l.sum() == 6`, `body.l.min() == 1`, `body.l.sort() == [1]`, `body.l.distinct() == [1]`, `body.l.first() == 1`, `lists.range(3) == [0,1,2]`, `cel.bind(x, 1, x == 1)`, `nofunc(body)`, `body.nofunc()`, `size()`, `size(1, 2)`, `1 + "a" == 2`, `"a" > 1`, `1 && true`, `!1`, `true ? 1 : "a"`, `1 ? true : false`, `[1] == "a"`, `1 == "a"`, `"a" == 1`, `true == 1`, `1 in "a"`, `"a".startsWith(1)`, `[1, 2].all(x, x == "a")`, `{"a": 1}.b == 1`, `1.foo`, `"a".foo`, `"a".matches("[")`, `"aaa".matches("(?=a)")`, `-"a" == 1`, `-1u == 1`, `google.protobuf.Timestamp{seconds: 1} == timestamp(1)`, `google.protobuf.Int64Value{value: 1} == 1`, `type(1)`, `int`, `body.n == 1 // ok`, "body.n == 1\n&& body.b", `true`, `false`, `1`, `"a"`, `null`, `in`, `as`, `body.in`, `body.as == 1`, `body.package`, `let`, `__result__`, `body.l.all(__x, true)`, `1u - 2u == 1u`, `"\q" == ""`, `"\x41" == "A"`, `b"\377" == b"\xff"`, `'''a''' == "a"`, `1.e3 == 1.0`, `0xg`, `00 == 0`, `08 == 8`, `1_000 == 1000`, `body.json() == 1`, `body.string() == "x"`, `hex(1) == "1"`, `bytes("a").hex() == "61"`, `b"a".base64() == "YQ=="`,
	}},
	{`"foo"`, []string{`body == "foo"`, `body == 'bar'`, `body.size() == 3`, `body.foo == 1`, `body`, `body.contains("o")`}},
	{`["foo","bar","baz"]`, []string{`body[2] == 'baz'`, `body[2] == 'x'`, `body[3] == 'x'`, `body.all(x, x.size() == 3)`, `body.foo`, `size(body) == 3`}},
	{`true`, []string{`body`, `!body`, `body == true`}},
	{`null`, []string{`body == null`, `body`, `body.foo`}},
	{`12.5`, []string{`body == 12.5`, `body > 12`, `body + 0.5 == 13.0`}},
	{`{}`, []string{`body.foo.bar == 'baz'`, `!has(body.foo)`, `size(body) == 0`, `body == {}`}},
	{`{"foo":{"bar":"baz"}}`, []string{`body.foo.bar == 'baz'`, `body.foo.bar == 'qux'`, `body.foo.bar`, `body.foo.bar == '😿😿😿'`}},
	{`{"a.b":1,"__proto__":{"x":1},"constructor":2,"toString":3,"length":4,"in":5}`, []string{`body["a.b"] == 1`, `body.a.b == 1`, `body["__proto__"].x == 1`, `body.constructor == 2`, `body.toString == 3`, `body.length == 4`, `body["in"] == 5`, `has(body.valueOf)`, `has(body.hasOwnProperty)`, `"hasOwnProperty" in body`, `body.hasOwnProperty == 1`, `size(body) == 6`, `body.all(k, k != "x")`}},
	{`{"dup":1,"dup":2}`, []string{`body.dup == 2`, `body.dup == 1`}},
	{`[1e308, 1e-320, 0, -0.0, 1.0]`, []string{`body[0] > 1e307`, `body[3] == 0.0`, `body[4] == 1`, `body.all(x, x >= 0)`, `body[2] == body[3]`}},
	{`{"level0":{"level1":[{"level2":{"v":[true,false]}}]}}`, []string{`body.level0.level1[0].level2.v[0]`, `body.level0.level1[0].level2.v.exists(x, !x)`, `body.level0.level1.all(x, x.level2.v.size() == 2)`}},
}

func evaluate(env *cel.Env, expression string, body any) any {
	ast, issues := env.Compile(expression)
	if issues != nil && issues.Err() != nil {
		return "refused"
	}
	program, err := env.Program(ast, cel.InterruptCheckFrequency(100))
	if err != nil {
		return "refused"
	}
	value, _, err := program.Eval(map[string]any{"body": body})
	if err != nil {
		return "error"
	}
	if value.Type() != cel.BoolType {
		return "not a boolean"
	}
	return value.Value()
}

func main() {
	env, err := cel.NewEnv(cel.Variable("body", cel.DynType))
	check(err)
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetEscapeHTML(false)
	for _, table := range tables {
		var body any
		check(json.Unmarshal([]byte(table.body), &body))
		for _, expression := range table.expressions {
			check(encoder.Encode(vector{expression, table.body, evaluate(env, expression, body)}))
		}
	}
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
