package booking

import "qiao/internal/platform/web"

// Routes are the module's pages.
func (s *Service) Routes() []web.Route {
	return []web.Route{
		{Pattern: "GET /desk/calendar", Action: "order.calendar", Private: true, Handle: s.showCalendar},
		{Pattern: "POST /desk/calendar/closures", Action: "order.calendar", Private: true, Handle: s.submitClosure},
		{Pattern: "POST /desk/calendar/closures/{id}/reopen", Action: "order.calendar", Private: true, Handle: s.submitReopen},
		{Pattern: "POST /desk/calendar/upkeep", Action: "order.calendar", Private: true, Handle: s.submitUpkeep},
		{Pattern: "POST /desk/calendar/upkeep/{id}/end", Action: "order.calendar", Private: true, Handle: s.submitEndUpkeep},
		{Pattern: "POST /desk/calendar/rules", Action: "order.calendar", Private: true, Handle: s.submitRule},
		{Pattern: "GET /calendars/{file}", Action: "order.slots", Handle: s.showFeed},
	}
}
