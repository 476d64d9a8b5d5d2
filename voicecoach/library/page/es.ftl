# The words of pages on a screen, and of the notes that podcast apps show, in Spanish; the reader is "tú".

### Notes
chapters = Capítulos
complete = Completo

### How often a feed has something new
every-day = { $count ->
    [one] cada día
   *[other] cada { $count } días
}
every-week = { $count ->
    [one] cada semana
   *[other] cada { $count } semanas
}
every-month = { $count ->
    [one] cada mes
   *[other] cada { $count } meses
}
every-year = { $count ->
    [one] cada año
   *[other] cada { $count } años
}
every-days = cada { $days }
every-and = { $first } y { $last }
every-monday = lunes
every-tuesday = martes
every-wednesday = miércoles
every-thursday = jueves
every-friday = viernes
every-saturday = sábado
every-sunday = domingo

### Without a network
offline = Sin conexión
offline-not-kept = Esta sesión no está en este dispositivo. Ábrela una vez con conexión y espera a que se guarde; después funciona sin red.
offline-again = Volver a intentarlo
offline-list = A la lista: { $title }
not-found = Esta página no está aquí
not-found-why = Quizá la sesión tiene ahora otro nombre o ya no está en la lista.

### Pages
page-minutes = { $n }{ "\u00A0" }min
page-seconds = { $n }{ "\u00A0" }s
page-hours = { $n }{ "\u00A0" }h
page-sessions = { $n ->
    [one] { $n } sesión
   *[other] { $n } sesiones
}
page-guide = En el móvil: qué apps y cómo
page-no-script = Sin JavaScript esta página reproduce el sonido, pero no muestra nada a su paso.
page-left = Izquierda
page-right = Derecha

### The list of sessions
index-season = Parte { $n }
index-number = N.º { $n }
index-to-go = quedan { $time }
index-done = Hecha
index-next = Siguiente
index-kept = sin conexión
index-empty = Todavía no hay sesiones.
index-subscribe = En una app de pódcasts
index-subscribe-how = Dale esta dirección a tu app y descargará las sesiones.
index-address = Dirección del feed
index-copy = Copiar
index-copied = Copiada
index-select = Ctrl+C o ⌘C la copia
index-antennapod = Abrir en AntennaPod
index-qr = En el móvil: apunta aquí con su cámara.
index-qr-alt = Código QR con la dirección de esta página
index-m3u = Lista de reproducción (.m3u)
index-opml = Feed para importar (.opml)

### The player
play-back = Todas las sesiones
play-start = Reproducir
play-continue = Continuar
play-pause = Pausa
play-restart = Desde el principio
play-again = Otra vez
play-previous = Capítulo anterior
play-next-chapter = Capítulo siguiente
play-back-10 = 10 segundos atrás
play-on-10 = 10 segundos adelante
play-captions = Subtítulos
play-awake = Pantalla encendida
play-awake-why = Este navegador no puede mantener la pantalla encendida desde esta dirección (hace falta https). Haz que el móvil tarde más en bloquearse, o escucha con la pantalla apagada.
play-awake-refused = El móvil no quiere mantener la pantalla encendida ahora: quizá ahorra batería.
play-position = Posición en la sesión
play-position-text = { $time } de { $length }, { $chapter }
play-remaining = quedan { $time }
play-chapters = Capítulos
play-next = Después: { $what }
play-then = Luego: { $what }
play-seconds = segundos
play-minutes = minutos
play-of = de { $total }
play-set = Serie { $n } de { $total }
play-round = Ronda { $n } de { $total }
play-error = El sonido no se ha cargado. ¿Hay red?
play-retry = Probar otra vez
play-no-captions = Los subtítulos no se han cargado.
play-ready = Pulsa reproducir y pon el móvil donde lo veas.
play-next-session = Siguiente sesión: { $title }
play-keys = Teclas
play-key-space = reproducir, pausa
play-key-arrows = 10 segundos atrás, adelante
play-key-chapters = capítulo anterior, siguiente
play-key-captions = subtítulos
play-keys-space = Espacio
play-keys-shift = Mayús
play-download = Descargar el MP3
play-kept = Esta sesión ya está en este dispositivo: suena también sin red.
play-side = { $name }, { $side ->
    [left] izquierda
   *[right] derecha
}
play-in-set = { $name }, serie { $n }
play-rest-of = Descanso, { $length }

# What to do now, large: one or two words
do-opening = Escucha
do-say = Escucha
do-sound = Escucha
do-set-up = Prepárate
do-hold = Mantén
do-rep = { $n } de { $total }
do-reps = Repite
do-time = Sigue
do-cycles = Sigue
do-breathe = Respira
do-in = Inspira
do-full = Mantén
do-out = Espira
do-empty = Espera
do-change-sides = Cambia de lado
do-release = Suelta
do-rest = Descansa
do-closing = Bien hecho
do-end = Hecho
do-halfway = Mitad

### The guide
guide-title = En el móvil
guide-lead = Tres maneras de llevar las sesiones contigo. La primera no necesita nada.
guide-page = Esta página, en el navegador
guide-page-1 = Abre una sesión y pulsa reproducir. Muestra qué hacer, cuánto tiempo y de qué lado, lo bastante grande para leerlo desde la esterilla.
guide-page-2 = Sigue sonando cuando se apaga la pantalla o bloqueas el móvil; los auriculares y la pantalla de bloqueo saltan de ejercicio en ejercicio.
guide-page-3 = En un iPhone, déjala en una pestaña del navegador: desde la pantalla de inicio, una página puede quedarse muda cuando el móvil se bloquea.
guide-page-4 = «Pantalla encendida» impide que el móvil se bloquee mientras miras. Los navegadores solo lo permiten a páginas con https.
guide-app = Una app de pódcasts
guide-app-2 = Algunas apps leen el feed ellas mismas: llegan a un ordenador de tu propia red. Con otras lo lee un servidor suyo: ese llega solo a direcciones a las que llega todo el mundo.
guide-here-lan = La dirección de abajo es de tu propia red: vale «En tu red».
guide-here-web = La dirección de abajo está en la web: vale «En un servidor web».
guide-col-app = App
guide-col-lan = En tu red
guide-col-web = En un servidor web
guide-col-how = Cómo añadirlo
guide-yes = sí
guide-no = no
guide-sometimes = a veces
guide-folder-only = desde su carpeta
guide-android = Android
guide-apple = iPhone, iPad, Mac
guide-both = iPhone, Android
guide-computer = ordenador
guide-antennapod = Añadir pódcast → Añadir pódcast por dirección RSS
guide-local = AntennaPod, carpeta local
guide-local-how = Copia los MP3 a una carpeta del móvil y luego Añadir pódcast → Añadir carpeta local. Muestra los capítulos.
guide-applepodcasts = Biblioteca → … → Seguir un programa por URL
guide-gpodder = Suscripciones → Añadir un pódcast mediante URL
guide-overcast = + → Add URL. Sus servidores leen el feed.
guide-pocketcasts = Pega la dirección en la búsqueda. Sus servidores leen el feed.
guide-spotify = No admite un feed por su dirección.
guide-private = Una dirección de la web la puede leer quien la conozca, y también los servidores de la app a la que se la des.
guide-lan = Si la app no encuentra nada
guide-lan-1 = El móvil y el ordenador deben estar en la misma wifi; una red de invitados suele separarlos.
guide-lan-2 = Usa la dirección en números, como http://192.168.1.20:8000/feed.xml. Los nombres que acaban en .local no son fiables en Android.
guide-lan-3 = El ordenador debe estar encendido mientras la app descarga. Lo descargado suena sin él.
guide-files = Los MP3, copiados
guide-files-1 = Copia los archivos al móvil por cable, nube o correo. Llevan dentro título, portada, capítulos y las palabras, y cualquier reproductor los toca.
guide-files-2 = La lista de reproducción los pone en orden:
guide-files-3 = Apaga el orden aleatorio y todo lo que salte silencios o cambie la velocidad: los tiempos dejarían de ser exactos.
