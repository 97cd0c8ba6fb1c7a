// SPDX-License-Identifier: Apache-2.0

// Command generate writes the names that miekg/dns has, then what it makes of a table of replies, one JSON object a line.
// Run it in this folder, in a module that requires github.com/miekg/dns v1.1.73:
// go run generate.go < zone.txt > vectors.jsonl
package main

import (
	"bufio"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"os"
	"slices"

	"github.com/miekg/dns"
)

// vector is a reply and its records in text form, one character an octet; refused when it is no message.
type vector struct {
	Packet  string   `json:"packet"`
	Refused bool     `json:"refused,omitempty"`
	Rcode   int      `json:"rcode,omitempty"`
	Records []string `json:"records,omitempty"`
}

var out = json.NewEncoder(os.Stdout)

func emit(packet []byte) {
	m, v := new(dns.Msg), vector{Packet: hex.EncodeToString(packet)}
	if m.Unpack(packet) != nil {
		v.Refused = true
	} else {
		v.Rcode = m.Rcode
		for _, rr := range slices.Concat(m.Answer, m.Ns, m.Extra) {
			text := []rune{}
			for _, octet := range []byte(rr.String()) {
				text = append(text, rune(octet))
			}
			v.Records = append(v.Records, string(text))
		}
	}
	if err := out.Encode(v); err != nil {
		panic(err)
	}
}

// record is a record owned by the name of the question.
func record(rrtype, class uint16, ttl uint32, data []byte) []byte {
	b := []byte{0xc0, 0x0c}
	b = binary.BigEndian.AppendUint16(b, rrtype)
	b = binary.BigEndian.AppendUint16(b, class)
	b = binary.BigEndian.AppendUint32(b, ttl)
	b = binary.BigEndian.AppendUint16(b, uint16(len(data)))
	return append(b, data...)
}

// reply is a reply to `a.example. IN A` with counts that need not be true.
func reply(answers, additionals uint16, records ...[]byte) []byte {
	b := []byte{0x12, 0x34, 0x81, 0x80, 0, 1}
	b = binary.BigEndian.AppendUint16(b, answers)
	b = binary.BigEndian.AppendUint16(b, 0)
	b = binary.BigEndian.AppendUint16(b, additionals)
	b = append(b, "\x01a\x07example\x00\x00\x01\x00\x01"...)
	return append(b, slices.Concat(records...)...)
}

func option(code uint16, data string) []byte {
	b := binary.BigEndian.AppendUint16(nil, code)
	b = binary.BigEndian.AppendUint16(b, uint16(len(data)))
	return append(b, data...)
}

func zone() {
	in := bufio.NewScanner(os.Stdin)
	for in.Scan() {
		rr, err := dns.NewRR(in.Text())
		if err != nil {
			panic(in.Text() + ": " + err.Error())
		}
		m := new(dns.Msg)
		m.SetQuestion(rr.Header().Name, rr.Header().Rrtype)
		m.Response, m.Compress, m.Answer = true, true, []dns.RR{rr}
		packet, err := m.Pack()
		if err != nil {
			panic(in.Text() + ": " + err.Error())
		}
		emit(packet)
	}
}

func extended() {
	for _, ttl := range []uint32{0, 0x01008000, 0x0000c005} {
		emit(reply(0, 1, record(dns.TypeOPT, 1232, ttl, nil)))
	}
	options := []struct {
		code uint16
		data string
	}{
		{1, "\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10\x11"}, {1, "short"},
		{2, "\x00\x00\x00\x01"}, {2, "\x00\x00\x00\x01\x00\x00\x00\x02"}, {2, "x"}, {3, "abc\xe9"}, {4, "uri"},
		{5, "\x01\x08\x0d\x63"}, {6, "\x01\x02\x04\x09"}, {7, "\x01\x00"},
		{8, "\x00\x01\x18\x00\x01\x02\x03"}, {8, "\x00\x02\x38\x00\x20\x01\x0d\xb8\x00\x00\x00"}, {8, "\x00\x00\x00\x00"},
		{8, "\x00\x01\x21\x00"}, {8, "\x00\x03\x00\x00"}, {9, ""}, {9, "\x00\x00\x01\x00"}, {9, "\x01"},
		{10, "12345678"}, {11, ""}, {11, "\x00\x64"}, {11, "\xff\xff"}, {11, "\x01"}, {12, "\x00\x00\xff"},
		{15, "\x00\x12"}, {15, "\x00\x09no dnskey \xff"}, {15, "\x01\x00x"}, {15, "\x00"},
		{18, "\x03foo\x00"}, {19, "\x01\x00abcd"}, {65001, "xy"},
	}
	for _, o := range options {
		emit(reply(0, 1, record(dns.TypeOPT, 1232, 0, option(o.code, o.data))))
	}
}

func oddData() {
	data := map[uint16][]string{
		dns.TypeNULL:   {"raw \xff\x00"},
		dns.TypeTKEY:   {"\x03foo\x00\x00\x00\x00\x01\x00\x00\x00\x02\x00\x03\x00\x04\x00\x02ab\x00\x01c"},
		dns.TypeTSIG:   {"\x03foo\x00\x00\x00\x60\x00\x00\x00\x01\x2c\x00\x02ab\x00\x01\x00\x02\x00\x00"},
		dns.TypeCAA:    {"\x00\x05issuea\\.b\\065\\\\\"\xff\\", "\x80\x04a\"\\\xffx"},
		dns.TypeURI:    {"\x00\x01\x00\x02x\\\"y\\"},
		dns.TypeLOC:    {"\x00\x12\x16\x13\x80\x00\x00\x00\x7f\xff\xff\xff\x00\x98\x96\x80", "\x00\xf1\xf0\x99\x80\x00\x00\x00\xff\xff\xff\xff\xff\xff\xff\xff"},
		dns.TypeNXT:    {"\x00\x00\x01\x80", "\x00\x00\x00", "\x00\x01\x01\x80\x00\x01\x80"},
		dns.TypeSMIMEA: {"\x01\x02\x03" + string(make([]byte, 511)), "\x01\x02\x03" + string(make([]byte, 512)), "\x01\x02\x03" + string(make([]byte, 700))},
		dns.TypeAPL:    {"\x00\x01\x20\x02\x01\x00", "\x00\x03\x08\x01\x01", "\x00\x01\x21\x00", "\x00\x01\x08\x05\x01\x01\x01\x01\x01"},
		dns.TypeHTTPS:  {"\x00\x01\x00\x00\x03\x00\x01x", "\x00\x01\x00\x00\x03\x00\x00\x00\x01\x00\x00", "\x00\x01\x00\xff\xff\x00\x00", "\x00\x01\x00\x00\x08\x00\x00", "\x00\x01\x00\x00\x01\x00\x04\x03a,\\", "\x00\x01\x00\x00\x01\x00\x03\x03a,", "\x00\x01\x00\x00\x04\x00\x05aaaaa", "\x00\x01\x00\x00\x06\x00\x10\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\xff\xff\x01\x02\x03\x04"},
		dns.TypeCERT:   {"\x00\xfd\x00\x01\x08", "\x00\xfe\x00\x01\x08x", "\x00\x08\x00\x01\x00x"},
	}
	types := []uint16{}
	for rrtype := range data {
		types = append(types, rrtype)
	}
	slices.Sort(types)
	for _, rrtype := range types {
		for _, d := range data[rrtype] {
			emit(reply(1, 0, record(rrtype, 1, 300, []byte(d))))
		}
	}
}

// cutData has each type with data that stops early or goes on too long.
func cutData() {
	types := []uint16{65280}
	for rrtype := range dns.TypeToRR {
		types = append(types, rrtype)
	}
	slices.Sort(types)
	for _, rrtype := range types {
		for _, d := range []string{"", "\x00", "\x00\x00\x00\x00\x00", "\x01a\x00\x01b\x00\x01c\x00"} {
			emit(reply(1, 0, record(rrtype, 1, 300, []byte(d))))
		}
	}
}

func lies() {
	header := func(counts string) []byte { return []byte("\x00\x01\x81\x80" + counts) }
	all, one := "\xff\xff\xff\xff\xff\xff\xff\xff", "\x00\x01\x00\x00\x00\x00\x00\x00"
	label := func(n int) string { return string(append([]byte{byte(n)}, make([]byte, n)...)) }
	long := label(63) + label(63) + label(63)
	for _, packet := range [][]byte{
		header(all), append(header(all), 0), reply(65535, 0), reply(65535, 0, record(1, 1, 0, []byte{1, 2, 3, 4})),
		append(reply(1, 0, record(1, 1, 0, []byte{1, 2, 3, 4})), "junk"...), header(one),
		append(header(one), 0), append(header(one), 0, 0), append(header(one), 0, 0, 1), append(header(one), 0, 0, 1, 0), append(header(one), 0, 0, 1, 0, 1),
		append(header(one), "\xc0\x0c"...), append(header(one), "\xc0\x0e\xc0\x0c"...), append(header(one), "\xc0\x0e\x00"...), append(header(one), "\xc0"...),
		append(header(one), "\x40a\x00\x00\x01\x00\x01"...), append(header(one), "\x80a\x00\x00\x01\x00\x01"...), append(header(one), "\x05ab"...),
		append(header(one), long+label(61)+"\x00\x00\x01\x00\x01"...), append(header(one), long+label(62)+"\x00\x00\x01\x00\x01"...),
		reply(1, 0, record(dns.TypeCNAME, 1, 0, []byte{0xc0, 0x1d})), reply(1, 0, record(dns.TypeCNAME, 1, 0, []byte{0xc0, 0x0c, 0})),
		reply(1, 0, record(dns.TypeA, 1, 0, []byte{1, 2, 3})), reply(1, 0, record(dns.TypeA, 1, 0, []byte{1, 2, 3, 4})[:14]),
		reply(1, 1, record(dns.TypeA, 255, 1<<31, []byte{1, 2, 3, 4}), record(dns.TypeOPT, 512, 0x02000000, nil)),
	} {
		emit(packet)
	}
}

// names has the codes of types, classes and response codes by name.
func names() {
	if err := out.Encode(map[string]any{"types": dns.StringToType, "classes": dns.StringToClass, "rcodes": dns.StringToRcode}); err != nil {
		panic(err)
	}
}

func main() {
	names()
	zone()
	extended()
	oddData()
	cutData()
	lies()
}
