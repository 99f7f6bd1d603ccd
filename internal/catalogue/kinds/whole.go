package kinds

// Targets of what a record has beside its fields and prices.
const (
	TargetPrices      = "@prices"      // price lines as JSON
	TargetIdentifiers = "@identifiers" // persistent ids, one a line
	TargetCountry     = "@country"     // two letters
	TargetLanguages   = "@languages"   // in which one is served
	TargetRegion      = "@region"      // six digits
	TargetBooking     = "@booking"
	TargetStatus      = "@status" // of a record that is not published where it comes from
)

// Whole is the template of our own records, one JSON object a line, with the names of the API: fields of every kind.
func (s Set) Whole() Template {
	t := Template{Format: "lines", ZH: "桥记录（JSON）", EN: "Qiao records (JSON)", Kind: "instrument", targets: map[string]string{}} //i18n:data both languages are here
	for _, k := range s {
		for _, f := range k.Fields {
			t.add(f.Name, f.Name)
		}
	}
	for heading, target := range map[string]string{
		"kind": TargetKind, "prices": TargetPrices, "identifiers": TargetIdentifiers, "country": TargetCountry, "languages": TargetLanguages, "region": TargetRegion, "booking": TargetBooking,
		"status": TargetStatus, "free": TargetFree, "voucher": TargetVoucher, "access": TargetAccess,
	} {
		t.add(target, heading)
	}
	return t
}
