// SPDX-License-Identifier: Apache-2.0

// Command generate writes what Go's regexp package answers for a table of expressions and inputs, one JSON object a line.
// Run it in this folder: go run generate.go > vectors.jsonl
package main

import (
	"encoding/hex"
	"encoding/json"
	"os"
	"regexp"
)

// vector is one expression: either the error that Go gives for it, or its leftmost match in each input.
type vector struct {
	Pattern string  `json:"pattern"`
	Error   string  `json:"error,omitempty"`
	Inputs  []input `json:"inputs,omitempty"`
}

// input is a text as hexadecimal bytes and the offsets of the match and its groups, nil without a match.
type input struct {
	Hex   string `json:"hex"`
	Match []int  `json:"match"`
}

// expansion is a template filled from the leftmost match in a text.
type expansion struct {
	Pattern  string `json:"pattern"`
	Hex      string `json:"hex"`
	Template string `json:"template"`
	Result   string `json:"result"`
}

var tables = []struct{ patterns, inputs []string }{
	{ // literals and anchors
		[]string{``, `abc`, `^abc`, `abc$`, `^abc$`, `\Aabc\z`, `(?m)^abc$`, `a\z`, `^`, `$`, `^$`, `\babc\b`, `\Bb\B`, `\Qa.c\E`, `\Qa.c`, `a\.c`},
		[]string{"", "abc", "xabcx", "x\nabc\ny", "abc\n", "a.c", " abc ", "a", "\xff", "\xffabc", "abc\xff"},
	},
	{ // what dot takes
		[]string{`.`, `^.$`, `a.b`, `(?s)a.b`, `^.*$`, `(?m)^.*$`, `a[^b]c`, `(?s).*`},
		[]string{"", "a\nb", "a\rb", "a\u2028b", "a\u2029b", "a\u0085b", "a\xffb", "\xff", "\xe2\x82", "a\xe2\x82b", "a\x00b", "\U0001F600", "a\ncd", "a\nc", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xc0\x80"},
	},
	{ // classes
		[]string{`\d+`, `\D`, `\s`, `\S+`, `\w+`, `\W`, `[[:word:]]+`, `[[:alpha:]]+`, `[[:^alpha:]]`, `[[:space:]]`, `[[:punct:]]`, `[[:xdigit:]]+`, `[\d\-z]+`, `[^\d]`, `[^\D]`, `[]a]`, `[^]a]`, `[a-]`, `[-a]`, `[a\]]`, `[\x{10FFFF}]`, `[[:blank:]]`, `[[:cntrl:]]`, `[[:graph:]]`, `[[:print:]]`, `[\pL\d]+`, `[^\PL]`, `[\Q]\E]`},
		[]string{"", "a1", "_", "\v", "\f", "\t", " ", "\u00a0", "\u2003", "é", "ſ", "K", "\u212a", "]", "-", "z-9", "\xff", "\u0660", "Ω", "\x7f", "Q", "\U0010FFFF"},
	},
	{ // Unicode classes
		[]string{`\pL+`, `\PL`, `\p{Lu}`, `\p{^Lu}`, `\P{^Lu}`, `\p{Greek}+`, `\pN`, `\p{Nd}`, `\p{Any}`, `\p{Han}`, `\p{L}\p{M}*`, `\p{So}`, `\pZ`, `\p{Cyrillic}`, `\pS`, `(?i)\p{Lu}`, `(?i)\P{Lu}`},
		[]string{"", "a", "A", "é", "е", "Ωmega", "漢", "\U0001F600", "½", "Ⅷ", "٣", "e\u0301", "\u00a0", "\xff", "$", "ǅ"},
	},
	{ // Unicode class names that Go 1.25 folds and aliases
		[]string{`\p{letter}`, `\p{greek}`, `\p{GREEK}`, `\p{lu}`, `\p{Uppercase_Letter}`, `\p{uppercase letter}`, `\p{ASCII}`, `\p{ascii}`, `\p{Assigned}`, `\p{LC}`, `\p{Lc}`, `\p{Cn}`, `\p{Decimal_Number}`, `\p{digit}`, `\p{Old_Italic}`, `\p{olditalic}`, `\p{punct}`, `\p{^letter}`, `\P{letter}`, `[\p{letter}\p{digit}]+`, `\p{foo}`, `\p{}`, `\p{^}`, `\pq`},
		[]string{"", "a", "Z", "1", "α", "\u0378", ".", "\U00010300", "\xff"},
	},
	{ // escapes
		[]string{`\x41`, `\x{41}`, `\x{1F600}`, `\xff`, `\x{ff}`, `\101`, `\012`, `\0`, `\00`, `\007`, `\a`, `\f`, `\n`, `\r`, `\t`, `\v`, `\_`, `\-`, `\!`, `\/`, `\ `, `\"`, `\<`, `\>`, `\=`, `\@`},
		[]string{"A", "\u00ff", "\xff", "\n", "\a\f\r\t\v", "\x00", "_", "-", "!", "/ \"<>=@", "\U0001F600", "\x07"},
	},
	{ // repeats and greediness
		[]string{`a*`, `a+?`, `a??b`, `a{2}`, `a{2,}`, `a{2,3}`, `a{,3}`, `a{`, `a{x}`, `a{1,x}`, `(?U)a+`, `(?U)a+?`, `(?U)a{1,3}`, `(?U:a+)b`, `(a+)+$`, `(a*)*`, `(a*)+`, `(a|b)*?c`, `(?:a|ab)(?:c|bcd)(?:d*)`, `(a|ab)(c|bcd)(d*)`, `x*`, `a{0}`, `a{0,0}b`, `(a{0,3}){2}`},
		[]string{"", "a", "aaaa", "ab", "aab", "a{,3}", "a{", "a{x}", "a{1,x}", "abcd", "ababc", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab"},
	},
	{ // alternation and empty branches
		[]string{`a|b`, `|a`, `a|`, `(|a)b`, `(a|)b`, `a||b`, `(?:)`, `()`, `(a)|(b)`, `(?P<x>a)|(?P<y>b)`, `(?<x>a)(?<y>b)?`, `foo|foobar`, `foobar|foo`, `(?:foo|bar)baz`, `http|https`, `^(?:a|b)$|c`},
		[]string{"", "a", "b", "ab", "xb", "foobar", "barbaz", "https", "c", "\xff"},
	},
	{ // case folding
		[]string{`(?i)abc`, `(?i)k`, `(?i)\x{212a}`, `(?i)s`, `(?i)ſ`, `(?i)é`, `(?i)[a-z]+`, `(?i)[^k]`, `(?i)σ`, `(?i)ß`, `(?i)İ`, `(?i)ı`, `(?i)i`, `(?i:a)b`, `(?i)a(?-i)b`, `(?i)\w`, `(?i)[[:lower:]]`, `(?i)ǆ`, `(?i)θ`, `(?i)warning|error`, `a(?i)b|c`},
		[]string{"", "ABC", "aBc", "k", "K", "\u212a", "s", "S", "ſ", "É", "Σ", "ς", "ẞ", "SS", "İ", "ı", "I", "Ab", "AB", "aB", "C", "ǅ", "ϑ", "ϴ", "ERROR"},
	},
	{ // bytes that are not UTF-8
		[]string{`\x{FFFD}`, "\uFFFD", "a\uFFFDb", `\x{FFFD}+`, `[\x{FFFD}]`, `^\x{FFFD}$`, `a\x{FFFD}`, `\x{FFFD}|b`, `(?i)\x{FFFD}`, `[^a]`, `\W`, `\PL`, `(?:\x{FFFD})`, `(\x{FFFD})`, `x\x{FFFD}y|z`, `.*\x{FFFD}`, `\b`, `a\b`, `é`, `[é]`, `\x{e9}`, `(?s).\z`, `.+\x{FFFD}.+`},
		[]string{"", "\xff", "a\xffb", "\uFFFD", "a\uFFFDb", "\xff\xff", "a\xff", "b", "z", "x\xffy", "\xe9", "\xc3", "\xc3\xa9", "\xef\xbf\xbd", "\xef\xbf", "\xff\uFFFD", "\xa9\xc3"},
	},
	{ // flags
		[]string{`(?s)a.b`, `(?s-s)a.b`, `(?im)^ABC$`, `(?i-m:x)`, `(?U-i)a+`, `(?-s).`, `(?:a)(?i)B`, `((?i)a)B`},
		[]string{"", "a\nb", "x\nabc\n", "X", "aaa", "\n", "aB", "ab", "AB"},
	},
	{ // refused
		[]string{`(?=a)`, `(?!a)`, `(?<=a)`, `(?<!a)`, `(?>a)`, `(?#c)`, `\1`, `(a)\1`, `\k<a>`, `a**`, `a*+`, `a++`, `a?*`, `a{2}{3}`, `a{2}*`, `*`, `+a`, `?`, `|*`, `(*)`, `(+`, `{2}`, `(`, `)`, `a)`, `(a`, `((a)`, `[`, `[a`, `[]`, `[^]`, `[b-a]`, `[a-\d]`, `[\d-z]`, `[[:foo:]]`, `[[:foo:`, `[[.a.]]`, `[[=a=]]`, `\C`, `\X`, `\R`, `\K`, `\G`, `\Z`, `\h`, `\H`, `\N`, `\e`, `\c`, `\E`, `\Q\E*`, `\Qab\E+`, `\8`, `\x`, `\x4`, `\xg1`, `\x{`, `\x{}`, `\x{110000}`, `\x{g}`, `\u0041`, `\U`, `\`, `a\`, `\p`, `\p{`, `\p{L`, `\pX`, `\p{Foo}`, `(?P<n>a)(?P<n>b)`, `(?P<n`, `(?P<>a)`, `(?P<a-b>c)`, `(?P=n)`, `(?<n`, `(?<>a)`, `(?Pn)`, `(?z)`, `(?i`, `(?i-)`, `(?-)`, `(?)`, `(?--i)`, `(?i-i-i)`, `a{1001}`, `a{1000}`, `a{1001,}`, `a{2,1}`, `a{1,1001}`, `a{99999999999}`, `(a{100}){11}`, `((a{10}){10}){10}`, `((a{10}){10}){11}`, `(a{1000}){0}`, `((a{100}){10}b){2}`, `(?:a{500}){2}`, `(?:a{501}){2}`, `(?i)(?s`, `é**`, `\é`, `\_`, `(?P<é>a)`, `a|*`, `(|*)`, `^*`, `$+`, `\b+`, `(?i)*`, `(?:)*`, `()+`, `x{2}{`, `[a-b-c]`, `[--a]`, `[a--]`, `[^^]`},
		[]string{"", "a", "aa", "b", "-", "_"},
	},
	{ // expressions from the field's configs
		[]string{`^SSH-2.0-`, `^\+OK`, `^220 ([^ ]+) ESMTP (.+)$`, `PING :([^ ]+)`, `:[^ ]+ 001`, `^250-STARTTLS`, `Could not connect to database`, `Download the latest version here`, `.*application/json.*`, `(?i)<title>\s*([^<]+?)\s*</title>`, `"status"\s*:\s*"(ok|green)"`, `^NS\s`, `\t300\tIN\tA\t127\.0\.0\.1$`, `^[a-z0-9.-]+\.\t\d+\tIN\t(?:A|AAAA)\t`, `^SSH-(?P<protocol>[^-]+)-(?P<software>\S+)`},
		[]string{"SSH-2.0-OpenSSH_9.2p1 Debian-2", "+OK ready", "220 mail.example.org ESMTP Postfix", "PING :123", ":irc.example 001 me", "250-STARTTLS\r", "<html><TITLE> Hi \r\n</TITLE>", `{"status" : "green"}`, "example.com.\t300\tIN\tA\t127.0.0.1", "text/html; charset=utf-8", "application/json"},
	},
}

var expansions = []struct {
	pattern, text string
	templates     []string
}{
	{`(?P<first>\w+) (?P<last>\w+)(?P<none>!)?`, "x ada lovelace", []string{"$first", "${first}", "$1x", "${1}x", "$$", "$", "$$$1", "$0", "$3", "$4", "$99", "$none.", "$missing.", "${first", "${}", "${1x}", "$-", "a$", "$first$last", "$first_", "$1_", "$01", "$00", "${0}", "$1é", "é$1", "$٣", "$100000000", "$1000000000000000000000", "$$first", "$ first", "${first }", "{$1}", "\\$1", "$last-${first}\n"}},
	{`(.)(..)`, "\xff\xfea", []string{"$1", "$2", "<$0>"}},
	{`a`, "b a", []string{"$0", "$1", "$a"}},
	{`^USER (\d+) (\x{FFFD})`, "USER 42 \xff", []string{"PASS $1 $2"}},
	{`(?P<_1>a)(?P<2>b)`, "ab", []string{"$_1", "$2", "${2}", "$1"}},
	{`(?:(?P<v>a)|(?P<v>b)|(?P<w>c))(?P<w>d)?`, "b", []string{"$v", "$w", "$1", "$2", "${v__2}"}},
	{`(?:(?P<v>a)|(?P<v>b)|(?P<w>c))(?P<w>d)?`, "cd", []string{"$v", "$w", "$3", "$4"}},
	{`(?P<constructor>a)`, "a", []string{"$constructor", "$toString", "$__proto__"}},
}

func answer(pattern string, inputs []string) vector {
	v := vector{Pattern: pattern}
	re, err := regexp.Compile(pattern)
	if err != nil {
		v.Error = err.Error()
		return v
	}
	for _, text := range inputs {
		v.Inputs = append(v.Inputs, input{hex.EncodeToString([]byte(text)), re.FindSubmatchIndex([]byte(text))})
	}
	return v
}

func main() {
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetEscapeHTML(false)
	for _, table := range tables {
		for _, pattern := range table.patterns {
			check(encoder.Encode(answer(pattern, table.inputs)))
		}
	}
	for _, e := range expansions {
		re := regexp.MustCompile(e.pattern)
		match := re.FindSubmatchIndex([]byte(e.text))
		for _, template := range e.templates {
			result := []byte{}
			if match != nil {
				result = re.Expand(nil, []byte(template), []byte(e.text), match)
			}
			check(encoder.Encode(expansion{e.pattern, hex.EncodeToString([]byte(e.text)), template, hex.EncodeToString(result)}))
		}
	}
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
