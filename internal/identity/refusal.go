package identity

import (
	"slices"

	"qiao/internal/platform/fault"
)

// refusal is the Forbidden fault that tells a signed-in person what is in the way: the object, the role,
// the verification still to come, or the kind of organisation that may do it.
func refusal(s Subject, rules []Rule, object func(Rule) bool) error {
	forbidden := func(code, text string) error { return fault.New(fault.Forbidden, code, text) }
	mine := slices.DeleteFunc(slices.Clone(rules), func(r Rule) bool { return r.Capacity != CapacityPerson && !s.Has(r.Capacity) })
	if i := slices.IndexFunc(mine, object); i >= 0 {
		return forbidden("other-role", roleSentence(mine[i].Roles[0]))
	}
	switch {
	case len(mine) == 0:
	case s.Org == "":
		return forbidden("no-organisation", "这件事以单位的名义办理，请先注册单位，或请单位管理员把您加进去。")
	case mine[0].Side == SideRegion:
		return forbidden("other-region", "这件事属于其他地区，由当地主管部门办理。")
	default:
		return forbidden("other-party", "这件事属于其他单位，只有当事单位可以查看和办理。")
	}
	if s.OrgStatus == StatusRegistered && slices.ContainsFunc(rules, func(r Rule) bool { return !official(r.Capacity) }) {
		return forbidden("not-verified", "贵单位的注册还在核验，通过后即可办理。")
	}
	return forbidden("other-capacity", capacitySentence(rules))
}

// official capacities are given by the operator and not asked for at registration.
func official(capacity string) bool { return !slices.Contains(OpenCapacities(), capacity) }

func roleSentence(role string) string {
	switch role {
	case RoleAdmin:
		return "这件事由贵单位的管理员办理，请联系管理员。"
	case RoleTechnician:
		return "这件事由贵单位的仪器管理人员办理，请联系他们。"
	case RoleOfficer:
		return "这件事由贵单位的经办人员办理，请联系他们。"
	case RoleFinance:
		return "这件事由贵单位的财务人员办理，请联系他们。"
	}
	return "这件事由贵单位的其他人员办理，请联系贵单位的管理员。"
}

func capacitySentence(rules []Rule) string {
	for _, r := range rules {
		switch r.Capacity {
		case CapacityEnterprise:
			return "这件事由企业办理；如贵单位是企业，请注册企业身份并通过核验。"
		case CapacityTeam:
			return "这件事由创新创业团队办理；请先注册团队身份并通过核验。"
		case CapacityProvider:
			return "这件事由资源提供单位办理；如贵单位提供资源，请注册提供单位身份并通过核验。"
		case CapacityIntermediary:
			return "这件事由技术服务中介机构办理。"
		case CapacityAuthority:
			return "这件事由科技主管部门办理。"
		case CapacityFinance:
			return "这件事由财政部门办理。"
		case CapacityAssociation:
			return "这件事由行业协会办理。"
		case CapacityOperator:
			return "这件事由平台运营单位办理。"
		case CapacityAlliance:
			return "这件事由联盟办理。"
		case CapacityAuditor:
			return "这件事由审计人员办理。"
		}
	}
	return "这件事由其他单位办理。"
}
