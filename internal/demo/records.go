package demo

import (
	"context"
	"encoding/json"
	"fmt"

	"qiao/internal/catalogue"
	"qiao/internal/platform/money"
)

// record is an invented resource of any kind, its values by the names of the kind's fields.
type record struct {
	ID        string         `json:"id"`
	Owner     string         `json:"owner"`
	Kind      string         `json:"kind"`
	NameZH    string         `json:"name_zh"`
	NameEN    string         `json:"name_en"`
	Country   string         `json:"country"`
	Languages []string       `json:"languages"`
	Access    []string       `json:"access"`
	Voucher   bool           `json:"voucher"`
	Values    map[string]any `json:"values"`
	Price     *struct {
		Unit   string `json:"unit"`
		Amount string `json:"amount"` // yuan
	} `json:"price"`
}

// sampleRecords are those of the kinds that have no file of their own: facilities, bases, literature, standards, datasets,
// achievements, professional services, investors, an expert and partners abroad.
func sampleRecords() ([]record, error) {
	text, err := sampleFiles.ReadFile("sample/records.json")
	if err != nil {
		return nil, fmt.Errorf("demo: read the sample records: %w", err)
	}
	var out []record
	if err := json.Unmarshal(text, &out); err != nil {
		return nil, fmt.Errorf("demo: sample records: %w", err)
	}
	return out, nil
}

func (r record) draft() (catalogue.Draft, error) {
	d := catalogue.Draft{
		Kind: r.Kind, Access: r.Access, Voucher: r.Voucher, Booking: r.Kind == "facility", Country: r.Country, Languages: r.Languages,
		Values: map[string]any{"name_zh": mark + r.NameZH, "name_en": markEN + r.NameEN, "source_id": r.ID},
	}
	for name, v := range r.Values {
		d.Values[name] = v
	}
	if r.Price == nil {
		return d, nil
	}
	amount, err := money.Parse(r.Price.Amount)
	if err != nil {
		return d, fmt.Errorf("price of %s: %w", r.ID, err)
	}
	d.Prices = []catalogue.PriceLine{{Audience: "external", Unit: r.Price.Unit, Amount: amount}}
	return d, nil
}

// records publishes the invented resources of the other kinds.
func (l loader) records(ctx context.Context) error {
	list, err := sampleRecords()
	if err != nil {
		return err
	}
	for i, x := range list {
		l.tell("sample records", i, len(list))
		d, err := x.draft()
		if err != nil {
			return err
		}
		r, err := l.publish(ctx, x.Owner, x.ID, d)
		if err != nil {
			return fmt.Errorf("record %s: %w", x.ID, err)
		}
		if x.Kind != "facility" {
			continue
		}
		ctx, by, err := l.as(ctx, keeper(x.Owner))
		if err != nil {
			return err
		}
		hours, err := openings("1-5 08:30-17:30")
		if err != nil {
			return err
		}
		if err := l.Catalogue.SetHours(ctx, by, r.ID, catalogueHours(hours)); err != nil {
			return fmt.Errorf("hours of %s: %w", x.ID, err)
		}
	}
	l.tell("sample records", len(list), len(list))
	return nil
}

func catalogueHours(list []opening) []catalogue.Opening {
	out := make([]catalogue.Opening, len(list))
	for i, h := range list {
		out[i] = catalogue.Opening{Weekday: h.Weekday, From: h.From, To: h.To}
	}
	return out
}
