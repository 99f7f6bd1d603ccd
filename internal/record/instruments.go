package record

import (
	"slices"
	"strings"

	"qiao/internal/catalogue"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/textindex/fold"
)

// instruments are the resources of an owner, found by what lists call them.
type instruments struct {
	byID    map[string]catalogue.Resource
	byName  map[string][]string // folded number, name, name and model → ids
	only    string              // the one that every row is of, where a person said so
	ordered []catalogue.Resource
}

// counted are the kinds of resources that give services of their own.
func counted() []string { return []string{"instrument", "facility", "service", "base"} }

func instrumentsOf(list []catalogue.Resource) *instruments {
	x := &instruments{byID: map[string]catalogue.Resource{}, byName: map[string][]string{}}
	for _, r := range list {
		if !slices.Contains(counted(), r.Kind) {
			continue
		}
		x.byID[r.ID] = r
		x.ordered = append(x.ordered, r)
		for _, name := range []string{r.SourceID, r.NameZH, r.NameEN, r.NameZH + r.Model} {
			if key := plainName(name); key != "" && !slices.Contains(x.byName[key], r.ID) {
				x.byName[key] = append(x.byName[key], r.ID)
			}
		}
	}
	return x
}

// plainName is a name as it is compared: without the mark of invented ones.
func plainName(name string) string {
	name = strings.TrimPrefix(strings.TrimPrefix(name, "示例·"), "Sample · ") //i18n:data marks of invented resources
	return strings.ReplaceAll(fold.Text(name), " ", "")
}

// find is the instrument that a number, id or name means.
func (x *instruments) find(number, name string) (string, *fault.Field) {
	if number == "" && name == "" && x.only != "" {
		return x.only, nil
	}
	field, first := FieldInstrument, number
	if number == "" {
		field, first = FieldModel, name
	}
	if first == "" {
		return "", &fault.Field{Name: FieldInstrument, Code: "required", Text: "请写明仪器：本单位的仪器编号或名称。"}
	}
	if _, ok := x.byID[first]; ok {
		return first, nil
	}
	found := x.byName[plainName(first)]
	if len(found) == 0 && name != "" {
		found = x.byName[plainName(name)]
	}
	switch {
	case len(found) == 1:
		return found[0], nil
	case len(found) > 1:
		return "", &fault.Field{Name: field, Code: "several", Text: "本单位有 {0} 台仪器叫“{1}”，请写仪器编号。", Args: []any{len(found), first}}
	}
	return "", &fault.Field{Name: field, Code: "unknown", Text: "本单位的资源里没有“{0}”，请核对编号或名称，或先登记这台仪器。", Args: []any{first}}
}
