//i18n:data labels of fields, kept in both languages side by side

package kinds

// service is what an enterprise needs to commission a test or a piece of work.
func service() []Field {
	own := []Field{
		{Name: "class", ZH: "服务类别", EN: "Service class", Type: One, Core: true, Required: true, Group: "basic", Choices: ServiceClasses(), Also: []string{"服务类型", "service class", "type of service"}},
		subjects(),
		{Name: "methods", ZH: "依据标准或方法", EN: "Standards or methods", Type: List, Items: 20, Max: 80, Group: "technical", HintZH: "例如 GB/T 228.1-2021，用逗号分隔。", HintEN: "For example GB/T 228.1-2021; separate by commas.", Also: []string{"检测标准", "依据标准", "methods", "standards"}},
		{Name: "parameters", ZH: "检测参数", EN: "Parameters", Type: List, Items: 30, Max: 60, Group: "technical", Also: []string{"检测项目", "parameters"}},
		{Name: "accreditation", ZH: "资质", EN: "Accreditation", Type: Many, Items: 5, Group: "technical", Choices: []Choice{
			{"CMA", "CMA 检验检测机构资质认定", "CMA (China metrology accreditation)", nil}, {"CNAS", "CNAS 实验室认可", "CNAS laboratory accreditation", nil}, {"CAL", "CAL 授权", "CAL authorisation", nil}, {"无", "无", "None", []string{"none"}}}},
		{Name: "samples", ZH: "样品要求", EN: "Sample requirements", Type: Long, Max: 1000, Group: "service", Also: []string{"送样要求", "sample requirements"}},
		{Name: "turnaround", ZH: "服务周期", EN: "Turnaround", Type: Number, Max: 3, Group: "service", UnitZH: "个工作日", UnitEN: "working days", Also: []string{"周期", "周期工作日", "turnaround", "turnaround days"}},
		{Name: "deliverable", ZH: "交付物", EN: "Deliverable", Type: Text, Max: 200, Group: "service", Also: []string{"报告形式", "deliverable"}},
		{Name: "requirement", ZH: "服务须知", EN: "Terms of service", Type: Long, Max: 500, Group: "service"},
	}
	return common(own...)
}

// ServiceClasses are the kinds of service that vouchers buy: the union of the lists of Shanghai, Zhejiang and Hebei.
func ServiceClasses() []Choice {
	return []Choice{
		{"test", "检验检测", "Testing and inspection", []string{"测试", "检测", "测试检测", "分析测试"}},
		{"joint", "合作研发", "Joint research", []string{"合作开发"}},
		{"contract", "委托开发", "Contract research", []string{"委托研发"}},
		{"design", "研发设计", "Research and design", []string{"产品设计", "设计"}},
		{"solution", "技术解决方案", "Technical solutions", []string{"技术服务"}},
		{"pilot", "概念验证与中试", "Proof of concept and pilot", []string{"中试", "小试", "概念验证"}},
		{"computing", "算力与软件测试", "Computing and software tests", []string{"算力", "软件测试"}},
		{"search", "科技查新", "Novelty search", []string{"查新"}},
		{"transfer", "技术转移", "Technology transfer", []string{"技术转让"}},
		{"consulting", "科技咨询", "Consulting", []string{"咨询", "知识产权"}},
		{"training", "科技培训", "Training", []string{"培训"}},
		{"other", "其他服务", "Other", []string{"其他", "其它"}},
	}
}

// expert is a record of what a person does; it is no account, and contacts are shown only to signed-in people.
func expert() []Field {
	own := []Field{
		{Name: "institution", ZH: "工作单位", EN: "Institution", Type: Text, Max: 200, Group: "basic", Also: []string{"单位", "依托单位", "institution", "affiliation"}},
		{Name: "title", ZH: "职称", EN: "Academic title", Type: Text, Max: 60, Group: "basic", Also: []string{"title"}},
		{Name: "orcid", ZH: "ORCID", EN: "ORCID", Type: Text, Max: 19, Group: "basic"},
		subjects(),
		{Name: "keywords", ZH: "研究方向", EN: "Research topics", Type: List, Items: 20, Max: 60, Group: "technical", Also: []string{"关键词", "keywords", "topics"}},
		{Name: "projects", ZH: "代表性项目", EN: "Projects", Type: List, Items: 20, Max: 300, Group: "technical", Also: []string{"项目", "projects"}},
		{Name: "offers", ZH: "可提供的服务", EN: "Can help with", Type: Long, Max: 500, Group: "service", Also: []string{"服务内容", "offers"}},
	}
	return common(own...)
}
