{{- define "announcer.name" -}}
{{- .Values.nameOverride | default .Chart.Name | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{/* A release that has the chart's name in its own does not get it twice. */}}
{{- define "announcer.fullname" -}}
{{- $name := include "announcer.name" . -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 63 | trimSuffix "-" -}}
{{- else if contains $name .Release.Name -}}
{{- .Release.Name | trunc 63 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 63 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{/* What selects the pods; it cannot change after the first installation. */}}
{{- define "announcer.selectorLabels" -}}
app.kubernetes.io/name: {{ include "announcer.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "announcer.labels" -}}
{{ include "announcer.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 }}
{{- end -}}

{{- define "announcer.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{- .Values.serviceAccount.name | default (include "announcer.fullname" .) -}}
{{- else -}}
{{- required "serviceAccount.name: needed with serviceAccount.create: false" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{- define "announcer.image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end -}}
{{- end -}}

{{/* The configuration as the daemon reads it. */}}
{{- define "announcer.config" -}}
{{- $config := deepCopy .Values.config -}}
{{- if $config.node -}}
{{- fail "config.node: not possible, because all pods share the configuration; each takes the host name of its node" -}}
{{- end -}}
{{/* The daemon takes an empty list for a mistake. */}}
{{- if not $config.interfaces -}}
{{- $_ := unset $config "interfaces" -}}
{{- end -}}
{{- $lease := $config.lease | default dict -}}
{{- $backend := $lease.backend | default "local" -}}
{{- if eq $backend "local" -}}
{{- fail "config.lease.backend: local knows one machine only, so every node would announce; write kubernetes or etcd" -}}
{{- end -}}
{{- if and (eq $backend "kubernetes") (not (hasKey $config "kubernetes")) -}}
{{- fail "config.kubernetes: needed with config.lease.backend: kubernetes; {} stands for the rights of the pod" -}}
{{- end -}}
{{- if eq $backend "kubernetes" -}}
{{- $place := $lease.kubernetes | default dict -}}
{{- $place = merge (dict "namespace" ($place.namespace | default .Release.Namespace)) $place -}}
{{- $_ := set $lease "kubernetes" $place -}}
{{- end -}}
{{- $_ := set $config "lease" $lease -}}
{{- if hasKey $config "kubernetes" -}}
{{- $kubernetes := $config.kubernetes | default dict -}}
{{- $_ := set $config "kubernetes" $kubernetes -}}
{{- if hasKey $kubernetes "addressPools" -}}
{{- $_ := set $kubernetes "addressPools" (include "announcer.addressPools" .) -}}
{{- end -}}
{{- end -}}
{{- toYaml $config -}}
{{- end -}}

{{/* Unquoted, YAML makes true and false of the words on and off. */}}
{{- define "announcer.addressPools" -}}
{{- $value := "off" -}}
{{- if .Values.config.kubernetes -}}
{{- $value = (dict "true" "on" "false" "off" "on" "on") | dig (.Values.config.kubernetes.addressPools | toString) "off" -}}
{{- end -}}
{{- $value -}}
{{- end -}}

{{/* Whether Services of the cluster are read. */}}
{{- define "announcer.readsServices" -}}
{{- if hasKey .Values.config "kubernetes" -}}
{{- if ne (dig "services" true (.Values.config.kubernetes | default dict) | toString) "false" -}}
true
{{- end -}}
{{- end -}}
{{- end -}}

{{/* The namespace of the Leases; empty if they are elsewhere. */}}
{{- define "announcer.leaseNamespace" -}}
{{- $config := include "announcer.config" . | fromYaml -}}
{{- if eq $config.lease.backend "kubernetes" -}}
{{- $config.lease.kubernetes.namespace -}}
{{- end -}}
{{- end -}}

{{/* Where /metrics, /healthz and /readyz are: {host, port, isLocal}; empty if nobody listens. */}}
{{- define "announcer.metrics" -}}
{{- $listen := dig "metrics" "listen" "" (.Values.config | deepCopy) -}}
{{- if $listen -}}
{{- $port := regexFind "[0-9]+$" $listen | int -}}
{{- $host := regexReplaceAll ":[0-9]+$" $listen "" | trimPrefix "[" | trimSuffix "]" -}}
{{- if or (lt $port 1) (gt $port 65535) -}}
{{- fail (printf "config.metrics.listen: %q has no port from 1 to 65535; write \"127.0.0.1:9717\"" $listen) -}}
{{- end -}}
{{- $isLocal := or (hasPrefix "127." $host) (eq $host "::1") -}}
{{- if eq $host "0.0.0.0" -}}{{- $host = "127.0.0.1" -}}{{- end -}}
{{- if eq $host "::" -}}{{- $host = "::1" -}}{{- end -}}
{{- dict "host" $host "port" $port "isLocal" $isLocal | toJson -}}
{{- end -}}
{{- end -}}
