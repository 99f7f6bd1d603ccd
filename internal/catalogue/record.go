package catalogue

import (
	"qiao/internal/catalogue/format"
	"qiao/internal/identity"
)

// Record is a resource and its owner as package format sees them.
func (s *Service) Record(r Resource, owner identity.Organisation) format.Record {
	out := format.Record{
		ID: r.ID, Link: s.link(r), Kind: s.kindOf(r), NameZH: r.NameZH, NameEN: r.NameEN, Summary: r.Summary, Model: r.Model, Maker: r.Maker, Class: r.Class,
		Region: r.Region, Place: s.Orgs.RegionPath(r.Region), Country: r.Country, Languages: r.Languages, Revision: r.Revision,
		Source: r.Source, SourceID: r.SourceID, Licence: r.Licence, RetrievedOn: r.RetrievedOn,
		Access: r.Access, Free: r.Free, Voucher: r.Voucher, Booking: r.Booking, Offer: priceOf(r.Price), Fields: r.Fields, Sample: r.Sample, Changed: r.UpdatedAt.Time,
		Owner: format.Owner{
			ID: owner.ID, Link: s.Address + "/organisations/" + owner.ID, NameZH: owner.NameZH, NameEN: owner.NameEN, ROR: owner.ROR, USCC: owner.USCC,
			Region: owner.Region, Kind: owner.Kind, Website: owner.Website, Address: owner.Address, Sample: owner.Sample,
		},
	}
	for _, x := range r.Identifiers {
		out.Identifiers = append(out.Identifiers, format.Identifier(x))
	}
	for _, p := range r.Prices {
		out.Prices = append(out.Prices, priceOf(p))
	}
	return out
}

func priceOf(p PriceLine) format.Price {
	return format.Price{Audience: p.Audience, Unit: p.Unit, Amount: p.Amount, Currency: p.Currency, Minimum: p.Minimum, Option: p.Option, Note: p.Note, From: p.From, To: p.To}
}
