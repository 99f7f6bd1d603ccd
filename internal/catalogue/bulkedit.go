package catalogue

import (
	"slices"
	"strconv"
	"strings"

	"qiao/internal/catalogue/kinds"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/money"
)

// BulkEdit is what a bulk edit does to each record.
type BulkEdit struct {
	Part  string    `json:"part" doc:"Name of a field, or verb, prices, hours, access, languages, country, free, voucher, booking"`
	Op    string    `json:"op" enum:"set,clear,add,remove,percent,verb" doc:"add and remove for lists; percent for prices; verb for steps of the life"`
	Value []string  `json:"value,omitempty" doc:"As typed; the verb; the percentage, for example -10 or 2.5"`
	Note  string    `json:"note,omitempty" doc:"Why, where a verb asks for it"`
	Hours []Opening `json:"hours,omitempty" doc:"For hours; none: the owner's hold"`
}

// The parts of a bulk edit that are no field of a kind.
const (
	partVerb   = "verb"
	partPrices = "prices"
	partHours  = "hours"
)

// ops are what can be done to a part, the first being usual; nil when it cannot be edited in bulk.
func ops(part string, set []kinds.Kind) []string {
	switch part {
	case partVerb:
		return []string{"verb"}
	case partPrices:
		return []string{"percent", "clear"}
	case partHours:
		return []string{"set", "clear"}
	case "access", "languages":
		return []string{"add", "remove", "set", "clear"}
	case "free", "voucher", "booking":
		return []string{"set"}
	case "country":
		return []string{"set", "clear"}
	}
	f, ok := shared(part, set)
	switch {
	case !ok || slices.Contains([]string{"name_zh", "name_en", "source_id", "serial"}, part): // they tell records apart
		return nil
	case f.Type == kinds.Many || f.Type == kinds.List:
		return []string{"add", "remove", "set", "clear"}
	case f.Required || f.Publish:
		return []string{"set"}
	}
	return []string{"set", "clear"}
}

// shared finds a field that all kinds have, alike.
func shared(name string, set []kinds.Kind) (kinds.Field, bool) {
	var out kinds.Field
	for i, k := range set {
		f, ok := k.Field(name)
		if !ok || i > 0 && (f.Type != out.Type || len(f.Choices) != len(out.Choices)) {
			return kinds.Field{}, false
		}
		out = f
	}
	return out, len(set) > 0
}

// check refuses an edit that no record could take.
func (e BulkEdit) check(set kinds.Set) error {
	bad := func(name, code, text string, args ...any) error {
		return fault.New(fault.Invalid, "bulk-invalid", "这次批量修改还不完整，请按提示更正。").Field(name, code, text, args...)
	}
	var having []kinds.Kind
	for _, k := range set {
		if _, ok := k.Field(e.Part); ok {
			having = append(having, k)
		}
	}
	known := false
	for _, k := range having {
		known = known || slices.Contains(ops(e.Part, []kinds.Kind{k}), e.Op)
	}
	if len(having) == 0 {
		known = slices.Contains(ops(e.Part, nil), e.Op)
	}
	switch {
	case !known:
		return bad("part", "not-a-choice", "请选择要修改的内容和方式。")
	case e.Op == "percent":
		if _, err := percent(e.text()); err != nil {
			return err
		}
	case e.Op == "verb":
		if !Table.Has(e.text()) || e.text() == "approve" || e.text() == "return" {
			return bad("value", "not-a-choice", "请选择要办理的步骤。")
		}
		if e.text() == "suspend" && strings.TrimSpace(e.Note) == "" {
			return bad("note", "required", "请写明原因，使用者会看到。")
		}
	case e.Part == partHours:
		return checkHours(e.Hours)
	case e.Op != "clear" && len(e.Value) == 0:
		return bad("value", "required", "请填写这一项。")
	}
	return nil
}

func (e BulkEdit) text() string {
	if len(e.Value) == 0 {
		return ""
	}
	return strings.TrimSpace(e.Value[0])
}

// apply changes one record; hours are its own weekly hours, and the changes returned are those outside its row.
func (e BulkEdit) apply(s *Service, r *Resource, k kinds.Kind, hours []Opening) ([]Change, error) {
	switch e.Part {
	case partVerb:
		return nil, s.move(r, k, s.really(*r, e.text()), "owner", e.Note)
	case partPrices:
		return nil, e.applyPrices(r)
	case partHours:
		if !k.Bookable {
			return nil, fault.New(fault.Invalid, "no-hours", "这类资源没有开放时间。")
		}
		if sameHours(hours, e.Hours) {
			return nil, nil
		}
		return []Change{{partHours, orEmpty(hours), orEmpty(e.Hours)}}, nil
	}
	if r.Status == StatusWithdrawn {
		return nil, fault.New(fault.Gone, "resource-gone", "“{0}”已由所属单位撤下，不再提供。", r.Name())
	}
	if f, ok := k.Field(e.Part); ok {
		return nil, e.applyField(r, f)
	}
	return nil, e.applyCore(r)
}

func (e BulkEdit) applyField(r *Resource, f kinds.Field) error {
	if !slices.Contains(ops(f.Name, []kinds.Kind{{Fields: []kinds.Field{f}}}), e.Op) {
		return fault.New(fault.Invalid, "bulk-invalid", "“{0}”不能这样批量修改。", f.ZH)
	}
	var typed any = e.text()
	if f.Type == kinds.Many || f.Type == kinds.List {
		typed = e.Value
	}
	v, p := f.Accept(typed)
	if e.Op == "clear" {
		v, p = nil, nil
	}
	if p == nil && (e.Op == "add" || e.Op == "remove") {
		have, _ := r.value(f).([]string)
		some, _ := v.([]string)
		if v, p = nil, nil; len(mixed(have, some, e.Op)) > 0 {
			v, p = f.Accept(mixed(have, some, e.Op))
		}
	}
	if p != nil {
		return fault.New(fault.Invalid, p.Code, p.Text, p.Args...)
	}
	r.assign(f, v)
	return nil
}

// mixed adds some to have, or takes some away; the order stays.
func mixed(have, some []string, op string) []string {
	out := slices.Clone(have)
	for _, x := range some {
		if op == "remove" {
			out = slices.DeleteFunc(out, func(y string) bool { return y == x })
		} else if !slices.Contains(out, x) {
			out = append(out, x)
		}
	}
	return out
}

func (e BulkEdit) applyCore(r *Resource) error {
	d := Draft{Access: r.Access, Languages: r.Languages, Country: r.Country}
	bad := fault.New(fault.Invalid, "bulk-invalid", "这次批量修改还不完整，请按提示更正。")
	switch e.Part {
	case "access", "languages":
		to := &d.Access
		if e.Part == "languages" {
			to = &d.Languages
		}
		switch e.Op {
		case "set":
			*to = e.Value
		case "clear":
			*to = nil
		default:
			*to = mixed(*to, e.Value, e.Op)
		}
	case "country":
		if d.Country = ""; e.Op == "set" {
			d.Country = e.text()
		}
	default:
		p := r.flagPart(e.Part)
		v, problem := kinds.Field{Type: kinds.Flag}.Parse(e.text())
		on, ok := v.(bool)
		if p == nil || problem != nil || !ok {
			return bad.Field("value", "not-a-flag", "“{0}”不清楚，请填“是”或“否”。", e.text())
		}
		*p = on
		return nil
	}
	d.applyPlace(r, bad)
	applyAccess(r, d.Access, bad)
	if len(bad.Fields) > 0 {
		return bad
	}
	return nil
}

func (e BulkEdit) applyPrices(r *Resource) error {
	if e.Op == "clear" {
		r.Prices = nil
		return nil
	}
	hundredths, err := percent(e.text())
	if err != nil {
		return err
	}
	if len(r.Prices) == 0 {
		return fault.New(fault.Invalid, "no-prices", "没有价格可以调整。")
	}
	for i, p := range r.Prices {
		p.Amount = scaled(p.Amount, hundredths)
		if p.Amount > maxAmount {
			return fault.New(fault.Invalid, "not-an-amount", "请填写金额，最多两位小数，例如 1,234.50。")
		}
		r.Prices[i] = p.normal(r.ID, i)
	}
	return nil
}

// scaled is an amount changed by so many hundredths of a percent, rounded half up to whole fen.
func scaled(a money.Fen, hundredths int64) money.Fen {
	return money.Fen((int64(a)*(10_000+hundredths) + 5_000) / 10_000)
}

// percent reads "+5", "-10" or "2.5%" as hundredths of a percent, from -100 to +1000 percent.
func percent(text string) (int64, error) {
	bad := fault.New(fault.Invalid, "bulk-invalid", "这次批量修改还不完整，请按提示更正。").Field("value", "not-a-percentage", "“{0}”不是百分比，请写成 -10 或 2.5 这样的数。", text)
	s := strings.NewReplacer("％", "", "%", "", "－", "-", "−", "-", "＋", "+", " ", "").Replace(text) //i18n:data signs people type
	sign := int64(1)
	if rest, ok := strings.CutPrefix(s, "-"); ok {
		sign, s = -1, rest
	}
	whole, frac, _ := strings.Cut(strings.TrimPrefix(s, "+"), ".")
	if len(frac) > 2 {
		return 0, bad
	}
	n, err := strconv.ParseUint(whole+(frac + "00")[:2], 10, 32)
	if err != nil || whole == "" || n == 0 || n > 100_000 || sign < 0 && n > 10_000 {
		return 0, bad
	}
	return sign * int64(n), nil
}
