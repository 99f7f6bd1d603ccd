package importing

import (
	"errors"
	"io"
	"strings"

	"qiao/internal/catalogue"
	"qiao/internal/catalogue/format"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/sheet"
)

// readXML reads PIDINST records from XML.
func (s *Service) readXML(name string, f *file) (*table, error) {
	t, err := tableOf(name, "pidinst", f, func(text io.Reader) (records, error) { return &pidinstRecords{name, format.NewPidinst(text)}, nil })
	if err == nil && len(t.headings) == 0 {
		return nil, errNoRecords(name)
	}
	return t, err
}

type pidinstRecords struct {
	name string
	r    *format.PidinstReader
}

func (p *pidinstRecords) next() (map[string]string, *sheet.Broken, error) {
	rec, err := p.r.Next()
	switch {
	case errors.Is(err, format.ErrEntities):
		return nil, nil, fault.New(fault.Invalid, "xml-entities", "文件“{0}”自行定义了 XML 实体，出于安全没有读取。请去掉 DOCTYPE 声明后再上传。", p.name).Because(err)
	case errors.Is(err, io.EOF):
		return nil, nil, io.EOF
	case err != nil:
		return nil, nil, fault.New(fault.Invalid, "xml-unreadable", "文件“{0}”不是可以读取的 XML，可能没有上传完整。", p.name).Because(err)
	case rec.Broken == format.BrokenXML:
		return nil, &sheet.Broken{Code: "not-a-record", Text: "这一条不是格式正确的 XML，没有读取。"}, nil
	case rec.Broken != "":
		return nil, brokenEntry(rec.Broken, 0), nil
	}
	return pidinstCells(rec.Pidinst), nil, nil
}

// pidinstCells takes a PIDINST record apart; the keys are those of kinds.PidinstColumns.
func pidinstCells(p format.Pidinst) map[string]string {
	out := map[string]string{"name": p.Name, "description": p.Description, "landingPage": p.LandingPage, "identifier": p.Identifier.Identifier}
	if p.Model != nil {
		out["modelName"] = p.Model.Name
	}
	var makers, types []string
	for _, m := range p.Manufacturers {
		makers = append(makers, m.Name)
	}
	for _, t := range p.InstrumentTypes {
		types = append(types, t.Name)
	}
	out["manufacturerName"], out["instrumentTypeName"], out["measuredVariables"] = strings.Join(makers, " / "), strings.Join(types, " / "), strings.Join(p.MeasuredVariables, ",")
	for _, d := range p.Dates {
		if d.Type == "Commissioned" {
			out["commissioned"] = dayOf(d.Date)
		}
	}
	out["persistentIdentifier"] = persistent(p.Identifier.Identifier, p.Identifier.Type)
	for _, a := range p.AlternateIdentifiers {
		switch a.Type {
		case "SerialNumber":
			out["serialNumber"] = a.Identifier
		case "InventoryNumber":
			out["identifier"] = a.Identifier
		}
	}
	if out["manufacturerName"] == format.Unknown {
		out["manufacturerName"] = ""
	}
	return out
}

// persistent is an identifier as a line of persistent ids; ” where it is none we keep.
func persistent(value, kind string) string {
	scheme := map[string]string{"handle": "pidinst", "doi": "doi", "cstr": "cstr"}[strings.ToLower(strings.TrimSpace(kind))]
	if scheme == "" || strings.TrimSpace(value) == "" {
		return ""
	}
	x := catalogue.Identifier{Scheme: scheme, Value: value}.Normal()
	return strings.ToUpper(x.Scheme) + " " + x.Value
}

// fromPidinst takes a PIDINST record in JSON apart, whatever its values are.
func fromPidinst(r map[string]any) map[string]string {
	p := format.Pidinst{
		Name: text(r["name"]), Description: text(r["description"]), LandingPage: text(r["landingPage"]), Model: &format.PidinstModel{Name: text(inside(r["model"], "modelName"))},
		Identifier: format.PidinstID{Identifier: text(inside(r["identifier"], "identifier")), Type: text(inside(r["identifier"], "identifierType"))},
	}
	for _, m := range texts(r["manufacturers"], "manufacturerName") {
		p.Manufacturers = append(p.Manufacturers, format.PidinstMaker{Name: m})
	}
	for _, t := range texts(r["instrumentTypes"], "instrumentTypeName") {
		p.InstrumentTypes = append(p.InstrumentTypes, format.PidinstType{Name: t})
	}
	if v := flatten(map[string]any{"v": r["measuredVariables"]})["v"]; v != "" {
		p.MeasuredVariables = []string{v}
	}
	for _, d := range list(r["dates"]) {
		p.Dates = append(p.Dates, format.PidinstDate{Date: text(inside(d, "date")), Type: text(inside(d, "dateType"))})
	}
	for _, a := range list(r["alternateIdentifiers"]) {
		p.AlternateIdentifiers = append(p.AlternateIdentifiers, format.PidinstAlternate{Identifier: text(inside(a, "alternateIdentifier")), Type: text(inside(a, "alternateIdentifierType"))})
	}
	return pidinstCells(p)
}

func text(v any) string {
	s, _ := v.(string)
	return strings.TrimSpace(s)
}

func inside(v any, key string) any {
	m, _ := v.(map[string]any)
	return m[key]
}

func list(v any) []any {
	l, _ := v.([]any)
	return l
}

// texts is one text of every object in a list.
func texts(v any, key string) []string {
	var out []string
	for _, x := range list(v) {
		if s := text(inside(x, key)); s != "" {
			out = append(out, s)
		}
	}
	return out
}
