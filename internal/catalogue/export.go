package catalogue

import (
	"qiao/internal/catalogue/kinds"
)

// link is the public page of a resource.
func (s *Service) link(r Resource) string { return s.Address + "/resources/" + r.ID }

func (r Resource) text(field string) string {
	v, _ := r.Fields[field].(string)
	return v
}

func (s *Service) kindOf(r Resource) kinds.Kind {
	k, _ := s.kinds.Find(r.Kind)
	return k
}
