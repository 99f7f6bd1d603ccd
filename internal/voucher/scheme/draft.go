package scheme

import (
	"bytes"
	_ "embed" // the demo's programme
	"encoding/json"

	"qiao/internal/platform/fault"
	"qiao/internal/platform/region"
)

// Draft is a programme as an authority hands it in: the JSON form of one, with the terms of one version.
type Draft struct {
	Region   string `json:"region"`
	Name     Name   `json:"name"`
	Summary  Name   `json:"summary"`
	OpensOn  string `json:"opens_on"`
	ClosesOn string `json:"closes_on"`
	Sample   bool   `json:"sample,omitempty"`
	Terms    Terms  `json:"terms"`
}

//go:embed programmes/demo-2026.json
var demoProgramme []byte

// DemoProgramme is the demo's programme (示例·创新券 2026), as ParseDraft reads it. Its numbers are invented.
func DemoProgramme() []byte { return bytes.Clone(demoProgramme) }

// ParseDraft reads and checks a programme from JSON.
func ParseDraft(text []byte) (Draft, error) {
	var d Draft
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&d); err != nil || dec.More() {
		return Draft{}, fault.New(fault.Invalid, "terms-unreadable", "规则文件读不懂：请检查格式与字段名。").Because(err)
	}
	return d, d.Validate()
}

// Validate checks the programme and its terms; a fault names each wrong field.
func (d Draft) Validate() error {
	f := fault.New(fault.Invalid, "programme-invalid", "计划有误，请按提示修改。")
	if d.Name.ZH == "" {
		f.Field("name", "required", "请写明计划名称。")
	}
	if !region.Valid(d.Region) {
		f.Field("region", "invalid", "“{0}”不是有效的取值。", d.Region)
	}
	if !ValidDay(d.OpensOn) || !ValidDay(d.ClosesOn) || d.OpensOn > d.ClosesOn {
		f.Field("opens_on", "invalid", "请写明受理起止日期，起在前、止在后。")
	}
	if t := fault.Of(d.Terms.Validate()); t != nil {
		f.Fields = append(f.Fields, t.Fields...)
	}
	if len(f.Fields) > 0 {
		return f
	}
	return nil
}
