// Package schemetest has terms for tests of what stands on package scheme.
package schemetest

import (
	"qiao/internal/platform/money"
	"qiao/internal/voucher/scheme"
)

// Yuan is one yuan in fen.
const Yuan = money.Fen(100)

// Clause is a clause of the document that Plain names.
func Clause() scheme.Clause { return scheme.Clause{Source: "rules", Article: "第一条"} } //i18n:data an article

// Sourced is an amount in yuan with its clause.
func Sourced(yuan int64) *scheme.Sourced[money.Fen] {
	return &scheme.Sourced[money.Fen]{Value: money.Fen(yuan) * Yuan, Clause: Clause()}
}

// Plain are terms of one flat ratio, in basis points, and no caps, for firms of 330400.
func Plain(basisPoints int64) scheme.Terms {
	return scheme.Terms{
		Version: 1, From: "2026-01-01",
		Sources:    map[string]scheme.Source{"rules": {Title: scheme.Name{ZH: "规则"}}}, //i18n:data a title
		Budget:     *Sourced(10_000_000),
		Ratio:      scheme.Sourced[[]scheme.Tier]{Value: []scheme.Tier{{BasisPoints: basisPoints}}, Clause: Clause()},
		Validity:   scheme.Sourced[scheme.Validity]{Value: scheme.Validity{EndOfYear: true}, Clause: Clause()},
		Kinds:      scheme.Sourced[[]string]{Value: []string{"instrument", "service"}, Clause: Clause()},
		Providers:  scheme.Sourced[[]string]{Value: []string{"330000", "310000"}, Clause: Clause()},
		Firms:      scheme.Sourced[[]string]{Value: []string{"330400"}, Clause: Clause()},
		Capacities: scheme.Sourced[[]string]{Value: []string{"enterprise"}, Clause: Clause()},
		Unrelated:  &scheme.Clause{Source: "rules"},
		Excluded:   []scheme.Item{{Code: "statutory", Name: scheme.Name{ZH: "法定检测", EN: "Statutory tests"}, Words: []string{"强制检测"}, Clause: Clause()}}, //i18n:data names
		Statements: []scheme.Item{{Code: "honest", Name: scheme.Name{ZH: "材料真实"}, Clause: Clause()}},                                                    //i18n:data a name
		Documents:  []scheme.Item{{Code: "invoice", Name: scheme.Name{ZH: "发票"}, Clause: Clause()}},                                                     //i18n:data a name
		Notice:     scheme.Sourced[int]{Value: 0, Clause: Clause()},
	}
}
