package duplicate

import (
	"math"

	"qiao/internal/identity/names"
)

// Reason is why two records may be one thing, or why they may not.
type Reason struct {
	Code string `json:"code"`
	Text string `json:"text"` // Chinese sentence with {0} places
	Args []any  `json:"args,omitempty"`
	Con  bool   `json:"con,omitempty"` // it speaks against
}

// Threshold is the score, in thousandths, from which a pair is shown to people. It and the weights below were set by
// looking at pairs; a decision of a person always stands above them.
const Threshold = 600

// weights of the reasons: the probability that two records with this in common are one thing.
const (
	sameIdentifier = 0.97
	sameSerial     = 0.95 // with the same model
	onlySerial     = 0.70 // no model on one side
	sameAtPlace    = 0.75
	sameOwnerName  = 0.45
	sameModelName  = 0.40
	sameWork       = 0.80
	textEqual      = 0.70
	textNear       = 0.55
)

// Compare tells how likely two records of one kind are one thing, in thousandths, and why.
func Compare(a, b Record) (int64, []Reason) {
	if a.Kind != b.Kind || a.ID != "" && a.ID == b.ID {
		return 0, nil
	}
	var out []Reason
	doubt := 1.0
	sure := false // a number that only one thing has
	found := func(weight float64, code, text string, args ...any) {
		doubt *= 1 - weight
		out = append(out, Reason{Code: code, Text: text, Args: args})
	}
	if x := shared(a.Identifiers, b.Identifiers); x != "" {
		sure = true
		found(sameIdentifier, "same-identifier", "持久标识相同：{0}", x)
	}
	models := a.Model != "" && a.Model == b.Model
	switch {
	case serial(a.Serial) && a.Serial == b.Serial && models:
		sure = true
		found(sameSerial, "same-serial", "型号与出厂编号都相同")
	case serial(a.Serial) && a.Serial == b.Serial && (a.Model == "" || b.Model == "") && makers(a, b):
		found(onlySerial, "same-serial-only", "出厂编号相同，一方没有型号")
	}
	named := a.NameZH != "" && a.NameZH == b.NameZH || a.NameEN != "" && a.NameEN == b.NameEN
	switch {
	case named && a.Place != "" && a.Place == b.Place:
		found(sameAtPlace, "same-name-place", "名称与地点都相同")
	case named && a.Work != "" && a.Work == b.Work:
		found(sameWork, "same-name-work", "姓名与工作单位都相同")
	case named && a.Owner == b.Owner:
		found(sameOwnerName, "same-name-owner", "同一单位，名称相同")
	}
	if models && (named || names.Similarity(a.name(), b.name()) >= 0.8) && makers(a, b) {
		found(sameModelName, "same-model-name", "名称相近，型号相同")
	}
	if s := alike(a.Text, b.Text); s >= 0.95 {
		found(textEqual, "same-text", "文字几乎相同（{0}%）", int(s*100))
	} else if s >= 0.75 {
		found(textNear, "near-text", "文字相近（{0}%）", int(s*100))
	}
	if len(out) == 0 {
		return 0, nil
	}
	score := 1 - doubt
	score, out = against(a, b, score, sure, out)
	return int64(math.Round(min(score, 0.995) * 1000)), out
}

// against weighs what speaks for two things.
func against(a, b Record, score float64, sure bool, out []Reason) (float64, []Reason) {
	con := func(limit float64, code, text string) {
		score = min(score, limit)
		out = append(out, Reason{Code: code, Text: text, Con: true})
	}
	if serial(a.Serial) && serial(b.Serial) && a.Serial != b.Serial {
		con(0.20, "other-serial", "出厂编号不同")
	}
	if sure {
		return score, out
	}
	if a.Model != "" && b.Model != "" && a.Model != b.Model {
		con(0.50, "other-model", "型号不同")
	}
	if a.Owner == b.Owner && a.Source == b.Source && a.SourceID != "" && b.SourceID != "" && a.SourceID != b.SourceID {
		con(0.55, "other-number", "同一单位给了两个编号，可能是两台")
	}
	if a.Place != "" && b.Place != "" && a.Place != b.Place {
		con(0.70, "other-place", "地点不同")
	}
	return score, out
}

// makers agree unless both are given and differ.
func makers(a, b Record) bool {
	return a.Maker == "" || b.Maker == "" || names.Similarity(a.Maker, b.Maker) >= 0.75
}

// shared is the first text that stands in both sorted lists.
func shared(a, b []string) string {
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i] == b[j]:
			return a[i]
		case a[i] < b[j]:
			i++
		default:
			j++
		}
	}
	return ""
}
